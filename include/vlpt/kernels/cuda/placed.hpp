#pragma once
#include <algorithm>

#include "vlpt/kernels/attention.hpp"

namespace vlpt::cuda {

/// An attention whose masks and tasks, arrays of the host, are those that place(here, count) gave
/// for them.
template <class T, class Place>
[[nodiscard]] Attention<T> placed(Attention<T> a, Place const& place) {
  Index const batch = a.query.batch;
  if (a.key_mask != nullptr) a.key_mask = place(a.key_mask, batch * (a.key.tokens - a.mask_first));
  RowTasks& tasks = a.sets.tasks;
  if (a.sets.counts != nullptr && tasks.known()) {
    Index known = 0;
    for (Index b = 0; b < batch; ++b) known = std::max(known, tasks[b] + 1);
    a.sets.counts = place(a.sets.counts, known);
  }
  if (tasks.task != nullptr) tasks.task = place(tasks.task, (batch + tasks.each - 1) / tasks.each);
  return a;
}

}  // namespace vlpt::cuda
