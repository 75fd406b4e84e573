#pragma once
#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "vlpt/autodiff/check_tasks.hpp"
#include "vlpt/autodiff/frozen_rows.hpp"
#include "vlpt/train/cache_needs.hpp"
#include "vlpt/train/input_batch.hpp"

namespace vlpt {

/// What precedes the first learner of a net, for each example of a training: of the first ones, as
/// many as a memory holds, computed once, before the first step; of the others each time. Where a
/// backend's products do not depend on how many rows there are (Eigen's do), the bits are those of
/// a training without it.
template <class N, class E>
class KeptRows {
 public:
  using T = typename N::T;

  /// `limit` in bytes; not given: features are kept, whatever they take, where nothing below the
  /// head learns and the examples do not change. A limit that can have no effect is refused.
  KeptRows(N& net, E& examples, Index batch, std::optional<Index> limit)
      : net_(net), examples_(examples), width_(net.frozen_width()) {
    bool const asked = limit && *limit > 0;
    if constexpr (PrecedesLearners<typename N::ModelType> && !N::ModelType::trunk_learns)
      if (!limit && !examples.augmented() && net.model().dropout == 0)
        limit = std::numeric_limits<Index>::max();
    CacheNeeds const needs = cache_needs(net, examples.size(), limit.value_or(0));
    VLPT_CHECK(!asked || !examples.augmented(),
               "cache_bytes keeps what a frozen part makes of each "
               "example, and augment changes the examples in every epoch: leave one of them out");
    VLPT_CHECK(!asked || needs.each > 0, "cache_bytes is ", *limit,
               ", but nothing that can be kept "
               "precedes this model's first learner: leave it out");
    VLPT_CHECK(!asked || needs.samples > 0, "cache_bytes is ", *limit, ", and one example takes ",
               needs.each);
    kept_ = needs.samples;
    if (kept_ == 0) return;
    auto const room = static_cast<std::size_t>(batch);
    rows_.resize(room * static_cast<std::size_t>(width_));
    made_.resize(kept_ < examples.size() ? rows_.size() : 0);
    missing_.reserve(room), tasks_.reserve(room);
    fill(batch);
  }

  /// Whether anything is kept; if not, nothing else may be asked.
  [[nodiscard]] bool any() const { return kept_ > 0; }
  /// rows (which.size(), frozen_width()) of examples; they stay until the next call.
  [[nodiscard]] View<T const> rows(std::span<Index const> which) {
    missing_.clear();
    for (Index const at : which)
      if (at >= kept_) missing_.push_back(at);
    if (!missing_.empty()) make(made_.data());
    T const* next = made_.data();
    T* to = rows_.data();
    for (Index const at : which) {
      bool const here = at < kept_;
      std::copy_n(here ? store_.data() + at * width_ : next, width_, to);
      to += width_, next += here ? 0 : width_;
    }
    return {rows_.data(), static_cast<Index>(which.size()), width_};
  }

 private:
  /// In the order of the examples, so that a run that is resumed keeps the same bits.
  void fill(Index batch) {
    store_.resize(static_cast<std::size_t>(kept_ * width_));
    for (Index first = 0; first < kept_; first += batch) {
      missing_.resize(static_cast<std::size_t>(std::min(batch, kept_ - first)));
      std::iota(missing_.begin(), missing_.end(), first);
      make(store_.data() + first * width_);
    }
  }
  /// The rows of the missing examples.
  void make(T* to) {
    tasks_.clear();
    if constexpr (HasTasks<typename N::ModelType>)
      for (Index const at : missing_) tasks_.push_back(examples_.task(at));
    net_.forward_frozen(input_.make(net_, examples_, missing_), tasks_,
                        {to, static_cast<Index>(missing_.size()), width_});
  }

  N& net_;
  E& examples_;
  InputBatch<N, E> input_;
  Index width_, kept_ = 0;
  std::vector<T> store_;        // (kept, width)
  std::vector<T> rows_, made_;  // of a batch; of those of it that are not kept
  std::vector<Index> missing_, tasks_;
};

}  // namespace vlpt
