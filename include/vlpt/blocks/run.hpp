#pragma once
#include "vlpt/ops/self_attention.hpp"

namespace vlpt {

/// Where the rows of a stream stand in the sequence that the naive computation would have: rows
/// that vlpt does not compute leave a gap. Dropout is drawn by these places, so a row's mask does
/// not depend on which other rows are alive.
struct LogicalRows {
  Index all = 0;     // rows of the whole sequence
  Index first = 0;   // place of row 0, before the gap is added
  Index gap_at = 0;  // from this place on, `gap` rows were left out
  Index gap = 0;

  [[nodiscard]] constexpr LogicalRows from(Index row) const {
    return {all, first + row, gap_at, gap};
  }
};

/// In-place inverted dropout of x by logical rows; the identity when not training.
template <class B, class T>
constexpr void drop_rows(Context<B>& c, double rate, std::uint64_t place, LogicalRows rows,
                         Stream<T> x) {
  if (!c.training || rate <= 0) return;
  Random const random = c.random.fork(place);
  Index head = rows.gap_at - rows.first;
  head = head < 0 ? 0 : head > x.tokens ? x.tokens : head;
  if (head > 0)
    c.backend.dropout(random, rate, rows.all, rows.first, Stream<T const>(x.range(0, head)),
                      x.range(0, head));
  if (head < x.tokens)
    c.backend.dropout(random, rate, rows.all, rows.first + head + rows.gap,
                      Stream<T const>(x.range(head, x.tokens - head)),
                      x.range(head, x.tokens - head));
}

/// What a block is told for one run besides its input.
template <class T>
struct BlockRun {
  Index layer = 0;
  LogicalRows rows{};      // of the block's input
  Index first_prompt = 0;  // prompt rows of the input
  Index prompts = 0;
  AttentionExtras<T> attention{};
};

}  // namespace vlpt
