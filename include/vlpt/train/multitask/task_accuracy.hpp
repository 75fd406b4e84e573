#pragma once
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/train/metrics.hpp"

namespace vlpt {

/// The accuracy of each task, every row judged among its own task's classes alone, whatever the
/// softmax was over. Only evaluation looks at a task's range in MVLPT's code.
template <class T, class E>
[[nodiscard]] std::vector<double> task_accuracy(Tensor<T> const& logits, E const& examples) {
  auto const& tasks = examples.tasks();
  std::vector<RunningMean> right(static_cast<std::size_t>(tasks.size()));
  for (Index i = 0; i < examples.size(); ++i) {
    Index const task = examples.task(i), first = tasks.start(task);
    auto const own = logits.view().middle_cols(first, tasks.end(task) - first);
    right[static_cast<std::size_t>(task)].add(first + best_class(own, i) == examples.label(i) ? 1
                                                                                              : 0);
  }
  std::vector<double> all;
  all.reserve(right.size());
  for (auto const& r : right) all.push_back(r.value());
  return all;
}

}  // namespace vlpt
