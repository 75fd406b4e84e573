#pragma once
#include "vlpt/autodiff/each_task_run.hpp"
#include "vlpt/blocks/tasks.hpp"

namespace vlpt {

/// values (batch, classes of all tasks): what is not of a row's own task becomes `off`.
template <class B, class T = typename B::Scalar>
constexpr void keep_own_classes(Context<B>& c, Tasks const& tasks, T off, View<T> values) {
  if (!c.tasks.known()) return;  // memory is planned, there are no values
  each_task_run(c, values.rows, tasks.size(), [&](Index task, Index first, Index count) {
    Stream<T> const rows(values.middle_rows(first, count), 1);
    Index const end = tasks.end(task);
    c.backend.fill(rows.columns(0, tasks.start(task)), off);
    c.backend.fill(rows.columns(end, values.cols - end), off);
  });
}

}  // namespace vlpt
