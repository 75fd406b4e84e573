#pragma once
#include "vlpt/core/index.hpp"

namespace vlpt {

/// Where the rows of a stream stand in the sequence that the naive computation would have: rows
/// that vlpt does not compute leave a gap. Dropout is drawn by these places, so a row's mask does
/// not depend on which other rows are alive.
struct LogicalRows {
  Index all = 0;     // rows of the whole sequence; 0: the stream's own rows, without a gap
  Index first = 0;   // place of row 0, before the gap is added
  Index gap_at = 0;  // from this place on, `gap` rows were left out
  Index gap = 0;
  Index sample = 0;  // the number of the stream's first sample in its batch

  [[nodiscard]] constexpr LogicalRows from(Index row) const {
    return {all, first + row, gap_at, gap, sample};
  }
  /// The same rows of the samples from `first_sample` on.
  [[nodiscard]] constexpr LogicalRows from_sample(Index first_sample) const {
    return {all, first, gap_at, gap, sample + first_sample};
  }
};

}  // namespace vlpt
