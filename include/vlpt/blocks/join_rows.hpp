#pragma once
#include <algorithm>
#include <vector>

#include "vlpt/autodiff/each_task_run.hpp"
#include "vlpt/blocks/given_rows.hpp"

namespace vlpt {

/// The rows of all tasks as a stack reads them: one sample for each task, padded with zeros to the
/// longest count. Where a task's rows were drawn for each sample (dropout, while training), each
/// sample of the batch is given its own task's.
struct JoinRows {
  std::vector<Index> counts;  // of each task

  [[nodiscard]] constexpr Index size() const { return static_cast<Index>(counts.size()); }
  [[nodiscard]] constexpr Index most() const {
    return counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  }
  [[nodiscard]] constexpr Index fewest() const {
    return counts.empty() ? 0 : *std::min_element(counts.begin(), counts.end());
  }

  /// part(t): the GivenRows of task t. Gradients are zero where the rows learn.
  template <bool Learns, class B, class Part>
  [[nodiscard]] constexpr auto join(Context<B>& c, Index batch, Part const& part) const {
    using T = typename B::Scalar;
    bool drawn = false;
    for (std::size_t t = 0; t < counts.size(); ++t) drawn = drawn || part(t).rows.batch > 1;
    auto const& like = part(0).rows;
    Index const sets = most() == 0 ? 0 : like.tokens / counts[0];
    // A plan, which knows no tasks, must do for smaller batches, and for those that draw nothing.
    auto const room = [&] {
      auto const s = c.tape.template stream<T>(drawn ? std::max(batch, size()) : size(),
                                               sets * most(), like.dim);
      c.backend.fill(s, T(0));
      return drawn && c.tasks.known() ? s.samples(0, batch) : s;
    };
    GivenRows<T> all{most(), room(), {}, !drawn, fewest() == most() ? nullptr : counts.data()};
    each_set(
        c, all, all.rows, [&](std::size_t t) { return part(t).rows; },
        [&](Stream<T> joined, Stream<T> own) { c.backend.copy(Stream<T const>(own), joined); });
    if constexpr (Learns) all.d_rows = room();
    return all;
  }
  /// Adds the gradients of the joined rows to those of the parts; they are zero again.
  template <class B, class T, class Part>
  constexpr void part(Context<B>& c, GivenRows<T> const& all, Part const& part) const {
    each_set(
        c, all, all.d_rows, [&](std::size_t t) { return part(t).d_rows; },
        [&](Stream<T> joined, Stream<T> own) { c.backend.add(Stream<T const>(joined), own); });
    c.backend.fill(all.d_rows, T(0));
  }

 private:
  /// f(joined, own): a task's rows of one set, among those of all tasks or samples and in its part.
  template <class B, class T, class Part, class F>
  constexpr void each_set(Context<B>& c, GivenRows<T> const& given, Stream<T> all, Part const& part,
                          F const& f) const {
    auto const rows = [&](Index task, Index first, Index n) {
      auto const t = static_cast<std::size_t>(task);
      auto own = part(t);
      if (own.batch > 1) own = own.samples(first, n);
      for (Index s = 0; s * given.count < all.tokens; ++s)
        f(all.samples(first, n).range(s * given.count, counts[t]),
          own.range(s * counts[t], counts[t]));
    };
    if (given.by_task)
      for (Index t = 0; t < size(); ++t) rows(t, t, 1);
    else if (c.tasks.known())
      each_task_run(c, all.batch, size(), rows);
  }
};

}  // namespace vlpt
