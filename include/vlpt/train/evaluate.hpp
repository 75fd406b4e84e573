#pragma once
#include <algorithm>
#include <concepts>
#include <numeric>
#include <vector>

#include "vlpt/autodiff/check_tasks.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/train/examples.hpp"
#include "vlpt/train/input_batch.hpp"
#include "vlpt/train/metrics.hpp"
#include "vlpt/train/multitask/task_accuracy.hpp"

namespace vlpt {

/// Examples of several tasks, as TaskExamples: each has one.
template <class E>
concept TellsTasks = requires(E const& e, Index i) {
  { e.task(i) } -> std::same_as<Index>;
  e.tasks();
};

/// The tasks of examples [first, first + count); none where the net has no tasks.
template <class N, class E>
[[nodiscard]] std::vector<Index> tasks_of_examples(N const&, E const& examples, Index first,
                                                   Index count) {
  std::vector<Index> tasks;
  if constexpr (HasTasks<typename N::ModelType>) {
    static_assert(TellsTasks<E>,
                  "the net has tasks: give it examples that say theirs (TaskExamples)");
    for (Index i = 0; i < count; ++i) tasks.push_back(examples.task(first + i));
  }
  return tasks;
}

/// f(first, count, input) over all examples, `batch` at a time; nothing is augmented.
template <class N, class E, class F>
void each_batch(N const& net, E& examples, Index batch, F const& f) {
  InputBatch<N, E> input;
  std::vector<Index> which;
  for (Index first = 0; first < examples.size(); first += batch) {
    Index const n = std::min(batch, examples.size() - first);
    which.resize(static_cast<std::size_t>(n));
    std::iota(which.begin(), which.end(), first);
    f(first, n, input.make(net, examples, which));
  }
}

/// logits (examples, classes) of a const net.
template <class N, class E>
[[nodiscard]] Tensor<typename N::T> predict_all(N const& net, E& examples, Index batch = 64) {
  Tensor<typename N::T> out(Shape{examples.size(), net.model().output_width()});
  auto work = net.workspace(std::min(batch, examples.size()));
  each_batch(net, examples, batch, [&](Index first, Index n, auto input) {
    net.predict(input, tasks_of_examples(net, examples, first, n), out.view().middle_rows(first, n),
                work);
  });
  return out;
}

/// Share of examples whose best_class() is their label; of examples of several tasks, the plain
/// mean of the tasks' shares, each among its own classes.
template <class T, class E>
[[nodiscard]] double accuracy(Tensor<T> const& logits, E const& examples) {
  if constexpr (TellsTasks<E>) {
    auto const each = task_accuracy(logits, examples);
    return mean_std(each).mean;
  } else {
    Index right = 0;
    auto const v = logits.view();
    for (Index i = 0; i < v.rows; ++i)
      if (best_class(v, i) == examples.label(i)) ++right;
    return static_cast<double>(right) / static_cast<double>(v.rows);
  }
}

}  // namespace vlpt
