#pragma once
#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "vlpt/autodiff/frozen_rows.hpp"
#include "vlpt/train/cache_needs.hpp"
#include "vlpt/train/input_batch.hpp"

namespace vlpt {

/// What precedes the first learner of a net, for the examples that a training asks for: the first
/// ones, as many as a memory holds, are computed when they are first asked for and kept, the others
/// each time. The same numbers as without it.
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
    store_.resize(static_cast<std::size_t>(kept_ * width_));
    there_.resize(static_cast<std::size_t>(kept_));
    rows_.resize(static_cast<std::size_t>(batch * width_));
    made_.resize(rows_.size());
    missing_.reserve(static_cast<std::size_t>(batch));
    tasks_.reserve(static_cast<std::size_t>(batch));
  }

  /// Whether anything is kept; if not, nothing else may be asked.
  [[nodiscard]] bool any() const { return kept_ > 0; }
  /// rows (which.size(), frozen_width()) of examples of which `tasks` are the tasks, where the net
  /// has some. They stay until the next call.
  [[nodiscard]] View<T const> rows(std::span<Index const> which, std::span<Index const> tasks) {
    auto const n = static_cast<Index>(which.size());
    View<T> const out(rows_.data(), n, width_);
    missing_.clear(), tasks_.clear();
    for (std::size_t i = 0; i < which.size(); ++i)
      if (!has(which[i])) {
        missing_.push_back(which[i]);
        if (!tasks.empty()) tasks_.push_back(tasks[i]);
      }
    View<T> const made(made_.data(), static_cast<Index>(missing_.size()), width_);
    if (made.rows > 0) net_.forward_frozen(input_.make(net_, examples_, missing_), tasks_, made);
    for (Index i = 0, next = 0; i < n; ++i) {
      Index const at = which[static_cast<std::size_t>(i)];
      bool const computed = !has(at);
      if (computed)
        copy(made.row(next++), out.row(i));
      else
        copy(kept(at), out.row(i));
      if (computed && at < kept_)
        copy(out.row(i), kept(at)), there_[static_cast<std::size_t>(at)] = 1;
    }
    return out;
  }

 private:
  [[nodiscard]] bool has(Index at) const {
    return at < kept_ && there_[static_cast<std::size_t>(at)] != 0;
  }
  [[nodiscard]] T* kept(Index at) { return store_.data() + at * width_; }
  void copy(T const* from, T* to) const { std::copy_n(from, width_, to); }

  N& net_;
  E& examples_;
  InputBatch<N, E> input_;
  Index width_, kept_ = 0;
  std::vector<T> store_;              // (kept, width)
  std::vector<unsigned char> there_;  // which of these were computed
  std::vector<T> rows_, made_;        // of a batch; of those that were not there
  std::vector<Index> missing_, tasks_;
};

}  // namespace vlpt
