#pragma once
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/cuda/scalar.cuh"

namespace vlpt::cuda {

/// A product of two tiles by a block of side x side threads: thread (ty, tx) owns `reach` rows that
/// lie together and `reach` columns that lie `side` apart, and reads 16 bytes at a time. D is the
/// width of a head, or more: what is beyond it is zero. Rows are padded so that neighbours do not
/// meet in a bank.
template <class S, int D>
struct AttentionTile {
  static constexpr int side = 16, threads = side * side;
  static constexpr int reach = 16 / static_cast<int>(sizeof(S));
  static constexpr int rows = side * reach;
  static constexpr int at_once = wide<S>;
  static constexpr int columns = D / side;  // of a mixed row, in runs of at_once or fewer
  static constexpr int run = columns < at_once ? columns : at_once;
  static_assert(D % side == 0 && columns % run == 0);

  using Operand = S[rows][D + at_once];
  using Weights = S[rows][rows + at_once];
  using Scores = Values<S, reach * reach>;
  using Mixed = Values<S, reach * columns>;

  [[nodiscard]] static constexpr int row(int thread, int i) { return thread / side * reach + i; }
  [[nodiscard]] static constexpr int column(int thread, int j) { return thread % side + side * j; }
  /// The first column of the k-th run of a mixed row.
  [[nodiscard]] static constexpr int run_at(int thread, int k) {
    return k * side * run + thread % side * run;
  }

  /// <a row, b row> for the rows of a and of b that a thread owns.
  [[nodiscard]] static constexpr Scores scores(Operand const& a, Operand const& b, int thread) {
    Scores sum{};
    for (int k = 0; k < D; k += at_once) {
      Values<S, at_once> left[reach], right[reach];
      for (int i = 0; i < reach; ++i) left[i] = load<at_once>(&a[row(thread, i)][k]);
      for (int j = 0; j < reach; ++j) right[j] = load<at_once>(&b[column(thread, j)][k]);
      for (int i = 0; i < reach; ++i)
        for (int j = 0; j < reach; ++j)
          for (int v = 0; v < at_once; ++v) sum[i * reach + j] += left[i][v] * right[j][v];
    }
    return sum;
  }
  /// sum += the first `count` rows of b, weighed by the thread's rows of w; what w and b hold
  /// behind them is zero.
  static constexpr void mix(Weights const& w, Operand const& b, int count, int thread, Mixed& sum) {
    for (int k = 0; k < count; k += at_once) {
      Values<S, at_once> weight[reach];
      for (int i = 0; i < reach; ++i) weight[i] = load<at_once>(&w[row(thread, i)][k]);
      for (int v = 0; v < at_once; ++v)
        for (int c = 0; c < columns / run; ++c) {
          auto const value = load<run>(&b[k + v][run_at(thread, c)]);
          for (int i = 0; i < reach; ++i)
            for (int u = 0; u < run; ++u) sum[i * columns + c * run + u] += weight[i][v] * value[u];
        }
    }
  }
  /// The thread's part of a tile: row r < count from row_at(r), `width` columns times a factor,
  /// zeros around them. `even`: rows can be read 16 bytes at a time.
  template <class F>
  static constexpr void read(Operand& to, int count, int width, bool even, S factor, int thread,
                             F const& row_at) {
    constexpr int packs = D / at_once;
    for (int i = thread; i < rows * packs; i += threads) {
      int const r = i / packs, c = i % packs * at_once;
      Values<S, at_once> v{};
      if (r < count && c < width) {
        auto const* const from = row_at(r) + c;
        if (even)
          v = load<at_once>(from);
        else
          for (int k = 0; k < at_once && c + k < width; ++k) v[k] = static_cast<S>(from[k]);
      }
      for (int k = 0; k < at_once; ++k) v[k] *= factor;
      store<at_once>(&to[r][c], v);
    }
  }
  /// A mixed row to `width` columns at `to`, times a factor.
  template <class T>
  static constexpr void write(T* to, int width, S factor, int thread, int i, Mixed const& sum) {
    for (int c = 0; c < columns / run; ++c)
      for (int u = 0; u < run; ++u) {
        int const at = run_at(thread, c) + u;
        if (at < width) to[at] = static_cast<T>(factor * sum[i * columns + c * run + u]);
      }
  }
};

/// Which rows of which head of which sample a block works on.
struct HeadTile {
  Index sample, head, first;
  constexpr HeadTile(Index block, Index heads, Index tiles, Index rows)
      : sample(block / tiles / heads), head(block / tiles % heads), first(block % tiles * rows) {}
};

/// exp(s - top) where s is visible; hidden scores are minus infinity.
template <class S>
[[nodiscard]] constexpr S weight_of(S score, S top) {
  using std::exp;
  return score == least<S> ? S(0) : exp(score - top);
}

}  // namespace vlpt::cuda
