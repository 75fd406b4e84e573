#pragma once
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/real.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// What becomes of the logits of other tasks' classes: nothing (the published settings: one softmax
/// over the union), zero (an option of MVLPT's code, whose softmax still counts them), or minus
/// infinity (each task's own softmax).
enum class OffTask { keep, zero, minus_infinity };

/// Which classes of the union belong to each task: [start_t, end_t).
struct TaskRanges {
  std::vector<Index> start, end;
  OffTask off = OffTask::keep;

  /// Where the logits of rows with these tasks begin and end; throws InputError for an unknown
  /// task.
  void select(std::vector<Index> const& tasks, std::vector<Index>& first,
              std::vector<Index>& last) const {
    first.clear(), last.clear();
    for (Index const task : tasks) {
      VLPT_CHECK(task >= 0 && task < static_cast<Index>(start.size()), "task ", task,
                 " is not one of the ", start.size(), " tasks that have classes");
      first.push_back(start[static_cast<std::size_t>(task)]);
      last.push_back(end[static_cast<std::size_t>(task)]);
    }
  }
  /// Changes logits (rows, classes); row i belongs to task i of [first, last).
  template <class B, class T = typename B::Scalar>
  void apply(B const& backend, std::vector<Index> const& first, std::vector<Index> const& last,
             View<T> logits) const {
    if (off == OffTask::keep) return;
    T const value = off == OffTask::zero ? T(0) : minus_infinity<T>;
    backend.clear_outside(first.data(), last.data(), value, logits);
  }
  /// Turns the gradient of the changed logits into that of the unchanged ones.
  template <class B, class T = typename B::Scalar>
  void reverse(B const& backend, std::vector<Index> const& first, std::vector<Index> const& last,
               View<T> d_logits) const {
    if (off != OffTask::keep) backend.clear_outside(first.data(), last.data(), T(0), d_logits);
  }
};

}  // namespace vlpt
