#pragma once
#include "vlpt/kernels/cuda/attention_tile.cuh"

namespace vlpt::cuda {

/// What the kernels of attention read: A is Attention<T>, with its keys and then its extra rows as
/// one sequence. `even`: every row of every head can be read 16 bytes at a time.
template <class T, int D, class A, class Tiling = AttentionTile<Sum<T>, D>>
struct AttentionOperands {
  using S = Sum<T>;
  using Tile = Tiling;
  A a;
  bool even;

  [[nodiscard]] constexpr int width() const { return static_cast<int>(a.head_dim()); }
  [[nodiscard]] constexpr Index keys(Index b) const { return a.key.tokens + a.extra_count(b); }
  /// How many rows of a tile that begins at `first` are among `all`.
  [[nodiscard]] static constexpr int live(Index first, Index all) {
    Index const n = all - first;
    return static_cast<int>(n < 0 ? 0 : n < Tile::rows ? n : Tile::rows);
  }
  [[nodiscard]] static constexpr Index tiles(Index rows) {
    return (rows + Tile::rows - 1) / Tile::rows;
  }

  constexpr void read_queries(Stream<T const> const& from, typename Tile::Operand& to, Index b,
                              Index h, Index first, S factor, int thread) const {
    Index const d = a.head_dim();
    Tile::read(to, live(first, a.query.tokens), width(), even, factor, thread,
               [&](int r) { return from.sample(b).row(first + r) + h * d; });
  }
  /// Keys or values: rows of `own`, then the sample's extra rows.
  constexpr void read_keys(Stream<T const> const& own, Stream<T const> const& extra,
                           typename Tile::Operand& to, Index b, Index h, Index first,
                           int thread) const {
    Index const d = a.head_dim();
    Tile::read(to, live(first, keys(b)), width(), even, S(1), thread, [&](int r) {
      Index const j = first + r;
      return (j < own.tokens ? own.sample(b).row(j)
                             : extra.sample(a.extra_set(b)).row(j - own.tokens)) +
             h * d;
    });
  }
  /// Whether key j of sample b is there for some query.
  [[nodiscard]] constexpr bool open(Index b, Index j) const {
    return j < keys(b) && !a.masked(b, j);
  }
  /// Whether query i reaches key j, the mask aside.
  [[nodiscard]] constexpr bool reaches(Index i, Index j) const {
    return j >= a.key.tokens || j < a.seen(i);
  }
  /// Whether no query before `end` reaches a key of the tile that begins at `first`.
  [[nodiscard]] constexpr bool beyond(Index end, Index first) const {
    return first + Tile::rows <= a.key.tokens && first >= a.seen(end - 1);
  }
};

}  // namespace vlpt::cuda
