#pragma once
#include "vlpt/core/index.hpp"

namespace vlpt {

/// The task of each row of a batch, or of rows that are prepared, one for each task.
struct RowTasks {
  Index const* task = nullptr;  // of each sample; null: not known yet, or a model without tasks
  Index each = 1;               // rows that a sample has (two images of one sample: 2)
  bool in_order = false;        // row i is of task i

  [[nodiscard]] constexpr bool known() const { return in_order || task != nullptr; }
  [[nodiscard]] constexpr Index operator[](Index row) const {
    return in_order ? row : task[row / each];
  }
  /// The same where a sample has `n` rows.
  [[nodiscard]] constexpr RowTasks of_rows(Index n) const { return {task, n, in_order}; }
  /// The end of the rows of one task that begin at `first`, among `rows`.
  [[nodiscard]] constexpr Index run_end(Index first, Index rows) const {
    Index end = first + 1;
    while (end < rows && (*this)[end] == (*this)[first]) ++end;
    return end;
  }
};

}  // namespace vlpt
