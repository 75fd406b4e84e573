#pragma once
#include "vlpt/autodiff/context.hpp"

namespace vlpt {

/// Calls f(task) for each of `tasks`, each time from the same place of the arenas, and leaves these
/// where the most was used.
template <class B, class F>
constexpr void plan_each_task(Context<B>& c, Index tasks, F const& f) {
  auto const tape = c.tape.mark(), scratch = c.scratch.mark(), end = c.scratch.mark_of_end();
  auto most_tape = tape, most_scratch = scratch, most_end = end;
  for (Index task = 0; task < tasks; ++task) {
    c.tape.release(tape), c.scratch.release(scratch), c.scratch.release_end(end);
    f(task);
    most_tape = c.tape.mark() > most_tape ? c.tape.mark() : most_tape;
    most_scratch = c.scratch.mark() > most_scratch ? c.scratch.mark() : most_scratch;
    most_end = c.scratch.mark_of_end() > most_end ? c.scratch.mark_of_end() : most_end;
  }
  c.tape.release(most_tape), c.scratch.release(most_scratch), c.scratch.release_end(most_end);
}

/// Calls f(task, first, count) for each run of neighbouring rows of one task, of `rows` in all.
/// A plan of memory knows no tasks: it sees the most that any batch may need, rows that are all on
/// their own, each of the greediest task, and then, given back at the end, all of one task.
template <class B, class F>
constexpr void each_task_run(Context<B>& c, Index rows, Index tasks, F const& f) {
  if (c.tasks.known()) {
    for (Index first = 0; first < rows;) {
      Index const end = c.tasks.run_end(first, rows);
      f(c.tasks[first], first, end - first);
      first = end;
    }
    return;
  }
  if (!c.tape.measuring()) throw InputError("the tasks of the batch's rows are not known here");
  for (Index row = 0; row < rows; ++row)
    plan_each_task(c, tasks, [&](Index task) { f(task, row, Index{1}); });
  ArenaScope const tape(c.tape), scratch(c.scratch);
  auto const end = c.scratch.mark_of_end();
  plan_each_task(c, tasks, [&](Index task) { f(task, Index{0}, rows); });
  c.scratch.release_end(end);
}

}  // namespace vlpt
