#pragma once
#include "vlpt/autodiff/context.hpp"

namespace vlpt {

/// The rows that a source gives for one step, as a stack reads them: sets of `count` rows, one for
/// each layer that takes them (or one for all), the same for every sample, each sample's own, or
/// each task's. A task with fewer than `count` rows has the first ones.
template <class T>
struct GivenRows {
  Index count = 0;
  Stream<T> rows;    // (1, batch or tasks, sets * count, dim)
  Stream<T> d_rows;  // the same: where gradients are added; empty if nothing learns
  bool by_task = false;
  Index const* counts = nullptr;  // of each task; null: all have `count`

  [[nodiscard]] constexpr Stream<T const> set(Index s) const {
    return rows.range(s * count, count);
  }
  [[nodiscard]] constexpr Stream<T> gradient(Index s) const {
    return d_rows.empty() ? Stream<T>{} : d_rows.range(s * count, count);
  }
  /// Whose they are, to an attention that reads them as keys and values.
  [[nodiscard]] constexpr ExtraSets sets(RowTasks tasks) const { return {tasks, by_task, counts}; }
  /// What the rows' own batch is, while they are prepared in the place of samples.
  [[nodiscard]] constexpr RowTasks tasks(RowTasks of_samples) const {
    return by_task ? RowTasks{.in_order = true} : of_samples;
  }

  /// to (batch, count, dim) = set s, to each sample what it reads.
  template <class B>
  constexpr void insert(Context<B>& c, Index s, Stream<T> to) const {
    if (count == 0) return;
    each_run(c, to.batch, [&](Index task, Index first, Index n) {
      c.backend.copy(by_task ? set(s).samples(task, 1) : set(s), to.samples(first, n));
    });
  }
  /// Adds the gradient d (batch, count, dim) of rows that were inserted to that of set s.
  template <class B>
  constexpr void take(Context<B>& c, Index s, Stream<T const> d) const {
    if (count == 0 || d_rows.empty()) return;
    each_run(c, d.batch, [&](Index task, Index first, Index n) {
      c.backend.add(d.samples(first, n), by_task ? gradient(s).samples(task, 1) : gradient(s));
    });
  }

 private:
  /// f(task, first, n) for each run of samples that read the same; all at once where tasks do not
  /// matter, or are not known because memory is only being planned.
  template <class B, class F>
  constexpr void each_run(Context<B>& c, Index batch, F const& f) const {
    if (!by_task || !c.tasks.known()) return f(0, 0, batch);
    for (Index first = 0; first < batch;) {
      Index const end = c.tasks.run_end(first, batch);
      f(c.tasks[first], first, end - first);
      first = end;
    }
  }
};

}  // namespace vlpt
