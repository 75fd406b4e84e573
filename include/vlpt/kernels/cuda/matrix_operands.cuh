#pragma once
#include "vlpt/kernels/cuda/attention_operands.cuh"
#include "vlpt/kernels/cuda/matrix_tile.cuh"

namespace vlpt::cuda {

/// What the kernels of attention on the matrix units have in common: A is Attention<bf16>. Scores
/// are in float and as they come: the scale is in the exponents, which are of 2.
template <int D, class A, int strips = 1>
struct MatrixOperands : AttentionOperands<bf16, D, A, MatrixTile<D, strips>> {
  using Tile = MatrixTile<D, strips>;
  using Base = AttentionOperands<bf16, D, A, Tile>;
  using Base::a, Base::even;
  template <int N>
  using Sums = typename Tile::template Sums<N>;
  static constexpr int threads = Tile::threads, reach = Tile::reach, side = Tile::side;
  static constexpr int across = Tile::rows / side;  // tiles of keys
  using PerRow = Values<float, reach>;
  Index head;  // columns of a head
  constexpr MatrixOperands(A const& problem, bool all_even)
      : Base{problem, all_even}, head(problem.head_dim()) {}

  [[nodiscard]] constexpr int width() const { return static_cast<int>(head); }

  /// exp(scale s) = 2^(exponent() s).
  [[nodiscard]] constexpr float exponent() const {
    return static_cast<float>(a.scale) * 1.4426950408889634F;
  }
  /// Where a sum is: its tile, its place there, and which row of its thread it is of.
  struct Place {
    int m, n, v;
    [[nodiscard]] constexpr int row() const { return 2 * m + v / 2 % 2; }
  };
  /// f(sum, place) for a thread's sums in the tiles that are wanted.
  template <int N, class F>
  static constexpr void each_of(Values<Values<typename Tile::Product, N>, strips>& sums,
                                Reach wanted, F const& f) {
    unrolled<strips * N>([&](int i) {
      int const m = i / N, n = i % N;
      if (m < wanted.m && n < wanted.n)
        unrolled<8>([&](int v) { f(sums[m][n][v], Place{m, n, v}); });
    });
  }
  /// How many rows there are from `first` on, of `all`, and no more than `most`.
  [[nodiscard]] static constexpr int some(Index first, Index all, int most) {
    Index const n = all - first;
    return static_cast<int>(n < 0 ? 0 : n < most ? n : most);
  }
  /// The tiles of scores that a thread's warp has, of `rows` of its block's own with `count`
  /// others.
  [[nodiscard]] static constexpr Reach scores(int t, int rows, int count) {
    return {Tile::strips_of(t, rows), Tile::sides(count), Tile::columns};
  }
  /// What is taken from the exponents of a row whose greatest score is `top`.
  [[nodiscard]] static constexpr float base(float top, float exponent) {
    return top == least<float> ? 0 : top * exponent;
  }
  /// The first tile of keys from `first` on of which some query before `end` sees any.
  [[nodiscard]] constexpr Index next(Index first, Index end, Index keys) const {
    while (first < keys && this->beyond(end, first)) first += Tile::rows;
    return first;
  }
  template <int count, class Block>
  constexpr void read_queries(Block const& block, Stream<bf16 const> const& from,
                              typename Tile::template Rows<count>& to, HeadTile const& at,
                              Index first, int thread) const {
    View<bf16 const> const rows = head_of(from, at.sample, at.head);
    Tile::read(block, to, rows.middle_rows(first, some(first, rows.rows, count)), {}, even, thread);
  }
  /// Keys of a tile that begins at `first`, `count` of them, and which may be seen at all.
  template <class Block, class Shared>
  constexpr void read_keys(Block const& block, Shared& shared, HeadTile const& at, Index first,
                           int count, int thread) const {
    read_rows(block, a.key, a.extra_key, shared.key, at, first, count, thread);
    if (thread < Tile::rows)
      shared.open[thread] = thread < count && !a.masked(at.sample, first + thread);
  }
  template <class Block, class Shared>
  constexpr void read_values(Block const& block, Shared& shared, HeadTile const& at, Index first,
                             int count, int thread) const {
    read_rows(block, a.value, a.extra_value, shared.value, at, first, count, thread);
  }
  /// Rows of `own`, then the sample's extra rows.
  template <class Block>
  constexpr void read_rows(Block const& block, Stream<bf16 const> const& own,
                           Stream<bf16 const> const& extra, typename Tile::Operand& to,
                           HeadTile const& at, Index first, int count, int thread) const {
    int const ordinary = some(first, own.tokens, count), more = count - ordinary;
    View<bf16 const> const x = head_of(own, at.sample, at.head),
                           y = more == 0 ? View<bf16 const>()
                                         : head_of(extra, a.extra_set(at.sample), at.head);
    Index const skipped = first < own.tokens ? 0 : first - own.tokens;
    Tile::read(block, to, x.middle_rows(first, ordinary), y.middle_rows(skipped, more), even,
               thread);
  }
  template <class T>
  [[nodiscard]] constexpr View<T> head_of(Stream<T> const& from, Index sample, Index h) const {
    return from.sample(sample).middle_cols(h * head, head);
  }
  /// sum = the rows of x of each warp times those of y, N tiles of them, as far as wanted.
  template <int N, class Block, class X, class Y, class Wanted, class Kept>
  static constexpr void rows_by_rows(Block const& block, X const& x, Y const& y,
                                     Wanted const& wanted, Kept& sum) {
    block.alone([&](int t) { sum[t] = {}; });
    block.template multiply<strips, N, Tile::columns>(
        wanted,
        [&](int t, int m, int k) {
          bf16 const* const from = &x[Tile::first_row(t) + m * side][k * side];
          return block.left(from, Tile::pitch, t % Tile::lanes);
        },
        [&](int t, int n, int k) {
          return block.right_turned(&y[n * side][k * side], Tile::pitch, t % Tile::lanes);
        },
        [&](int t, int m, int n) -> auto& { return sum[t][m][n]; });
  }
  /// sum += weights of each warp, in K tiles as far as wanted, times the rows of y. Weights are
  /// rounded.
  template <int K, class Block, class Weights, class Y, class Wanted, class Kept>
  static constexpr void mix(Block const& block, Weights const& weight, Y const& y,
                            Wanted const& wanted, Kept& sum) {
    block.template multiply<strips, Tile::columns, K>(
        [&](int t) {
          return Reach{wanted(t).m, Tile::columns, wanted(t).n};
        },
        [&](int t, int m, int k) { return left_of(block, weight[t][m][k]); },
        [&](int t, int n, int k) {
          return block.right(&y[k * side][n * side], Tile::pitch, t % Tile::lanes);
        },
        [&](int t, int m, int n) -> auto& { return sum[t][m][n]; });
  }
  /// Minus infinity for those of a thread's scores of `count` keys from `first` on that are hidden,
  /// and for what is beyond them in the same tile of the matrix units.
  template <class Open>
  constexpr void hide(Sums<across>& score, Open const& open, HeadTile const& at, Index first,
                      int count, int t) const {
    if (count == Tile::rows && a.key_mask == nullptr && !a.causal) return;
    int const extra = static_cast<int>(a.key.tokens - first);
    Values<int, reach> seen{};
    for (int i = 0; i < reach; ++i)
      seen[i] = static_cast<int>(a.seen(at.first + Tile::row(t, i)) - first);
    each_of(score, {strips, Tile::sides(count), 0}, [&](float& s, Place p) {
      int const c = Tile::column(t, p.n, p.v);
      if (open[c] == 0 || (c < extra && c >= seen[p.row()])) s = least<float>;
    });
  }
};

}  // namespace vlpt::cuda
