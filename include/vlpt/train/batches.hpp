#pragma once
#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "vlpt/train/batch_loss.hpp"
#include "vlpt/train/evaluate.hpp"
#include "vlpt/train/input_batch.hpp"
#include "vlpt/train/kept_rows.hpp"
#include "vlpt/train/task_ranges.hpp"

namespace vlpt {

/// Brings examples into a net, batch by batch, and its gradients back. What precedes the first
/// learner is kept as KeptRows says: an epoch of a linear probe costs its head alone. Exact.
template <class N, class E>
class Batches {
 public:
  using T = typename N::T;
  using B = typename N::BackendType;

  /// `off`: what becomes of the logits of other tasks, where the examples have tasks.
  Batches(N& net, E& examples, Index batch, OffTask off = OffTask::keep,
          Loss loss = Loss::cross_entropy, std::optional<Index> cache_bytes = {})
      : net_(net), examples_(examples), loss_(loss) {
    VLPT_CHECK(off == OffTask::keep || !HasTasks<typename N::ModelType>,
               "each task of this net has a softmax of its own: there are no logits of others");
    if constexpr (TellsTasks<E>)
      ranges_ = examples.ranges(off);
    else
      VLPT_CHECK(off == OffTask::keep, "the logits of other tasks need examples that have tasks");
    batch = std::min(batch, examples.size());
    net_.reserve(batch);
    labels_.resize(static_cast<std::size_t>(batch));
    kept_.emplace(net, examples, batch, cache_bytes);  // runs the frozen part: after all refusals
  }

  /// Makes the input of the next forward while a backend that runs on its own is busy with this
  /// one's; for others there is nothing to gain.
  void prepare(std::span<Index const> next, Random draws) {
    if constexpr (KeepsApart<B>)
      if (!next.empty() && !keeps()) {
        ready_ = inputs_[1 - now_].make(net_, examples_, next, draws);
        prepared_ = next;
      }
  }
  /// Logits of the examples that `which` names; `step` numbers the dropout.
  [[nodiscard]] View<T const> forward(std::span<Index const> which, Random draws,
                                      std::uint64_t step) {
    auto const n = static_cast<Index>(which.size());
    tasks_.clear(), which_ = which;
    for (Index i = 0; i < n; ++i) {
      Index const at = which[static_cast<std::size_t>(i)];
      if constexpr (TellsTasks<E>) tasks_.push_back(examples_.task(at));
      labels_[static_cast<std::size_t>(i)] = examples_.label(at);
    }
    return own_range(run(which, draws, step));
  }
  /// The mean loss of the last forward's logits, for loss_value(); d is its gradient.
  void loss(View<T const> logits, View<T const> class_weights, View<T> d) {
    loss_(net_.backend(), examples_, which_, labels_.data(), logits, class_weights, d);
  }
  /// Waits for a backend that runs on its own.
  [[nodiscard]] double loss_value() const {
    return static_cast<double>(loss_.value(net_.backend()));
  }
  /// d_logits is used up.
  void backward(View<T> d_logits) {
    ranges_.reverse(net_.backend(), first_, last_, d_logits);
    net_.backward(d_logits);
  }
  /// Waits, as loss_value().
  [[nodiscard]] Index count_right(View<T const> logits) {
    auto const here = readable(logits);
    Index right = 0;
    for (Index i = 0; i < here.rows; ++i)
      if (best_class(here, i) == labels_[static_cast<std::size_t>(i)]) ++right;
    return right;
  }

 private:
  [[nodiscard]] View<T const> run(std::span<Index const> which, Random draws, std::uint64_t step) {
    std::span<Index const> tasks;
    if constexpr (HasTasks<typename N::ModelType>) {
      static_assert(TellsTasks<E>,
                    "the net has tasks: give it examples that say theirs (TaskExamples)");
      tasks = tasks_;
    }
    if constexpr (PrecedesLearners<typename N::ModelType>)
      if (kept_->any()) return net_.forward_rest(kept_->rows(which), tasks, step);
    auto const ready = std::exchange(ready_, {});
    if (!ready || prepared_.data() != which.data() || prepared_.size() != which.size())
      return net_.forward(inputs_[now_].make(net_, examples_, which, draws), tasks, step);
    now_ = 1 - now_;
    return net_.forward(*ready, tasks, step);
  }
  [[nodiscard]] bool keeps() const {
    if constexpr (PrecedesLearners<typename N::ModelType>) return kept_->any();
    return false;
  }
  /// The same where the host can read them.
  [[nodiscard]] View<T const> readable(View<T const> logits) {
    if constexpr (KeepsApart<B>) {
      read_.resize(static_cast<std::size_t>(logits.size()));
      View<T> const here(read_.data(), logits.rows, logits.cols);
      fetch(net_.backend(), logits, here);
      return here;
    } else {
      return logits;
    }
  }
  /// The logits with those of other tasks changed, where that is asked for.
  [[nodiscard]] View<T const> own_range(View<T const> logits) {
    if (ranges_.off == OffTask::keep) return logits;
    ranges_.select(tasks_, first_, last_);
    View<T> const changed(changed_.reserve(logits.size()), logits.rows, logits.cols);
    net_.backend().copy(Stream<T const>(logits, 1), Stream<T>(changed, 1));
    ranges_.apply(net_.backend(), first_, last_, changed);
    return changed;
  }

  N& net_;
  E& examples_;
  std::array<InputBatch<N, E>, 2> inputs_;  // of this forward, and prepared for the next
  std::size_t now_ = 0;
  std::optional<typename N::Input> ready_;
  std::span<Index const> prepared_;
  std::optional<KeptRows<N, E>> kept_;
  BatchLoss<B> loss_;
  std::vector<Index> labels_;
  TaskRanges ranges_;
  std::span<Index const> which_;  // the examples of the last forward, and what is theirs
  std::vector<Index> tasks_, first_, last_;
  Room<T, B> changed_;
  std::vector<T> read_;  // logits of a backend that keeps its memory apart
};

}  // namespace vlpt
