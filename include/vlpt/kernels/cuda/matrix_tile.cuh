#pragma once
#include "vlpt/kernels/cuda/matrix_units.cuh"

namespace vlpt::cuda {

/// The tiles of attention on the matrix units, rows of D columns in shared memory; what is beyond a
/// head's columns is zero. 64 rows pass at once; a block has as many rows of its own, or twice, of
/// which each of its four warps has `strips` of 16. Rows are padded by 16 bytes, so that eight of
/// them do not meet in a bank. A thread has `reach` rows of its warp's, which four threads share.
template <int D, int own_strips = 1>
struct MatrixTile : MatrixUnits {
  static constexpr int threads = 128, strips = own_strips;
  static constexpr int rows = 64, own_rows = threads / lanes * strips * side;
  static constexpr int reach = 2 * strips, group = 4;
  static constexpr int pitch = D + 8, at_once = wide<bf16>, columns = D / side;
  static_assert(D % side == 0);

  template <int count>
  using Rows = bf16[count][pitch];
  using Operand = Rows<rows>;
  /// A thread's sums of N tiles side by side in each of its warp's strips.
  template <int N>
  using Sums = Values<Values<Product, N>, strips>;
  using Mixed = Sums<columns>;

  /// The first row of a thread's warp; the i-th row of a thread.
  [[nodiscard]] static constexpr int first_row(int thread) {
    return thread / lanes * strips * side;
  }
  [[nodiscard]] static constexpr int row(int thread, int i) {
    return first_row(thread) + i / 2 * side + thread % lanes / 4 + i % 2 * 8;
  }
  /// How many of its warp's strips begin before `count`.
  [[nodiscard]] static constexpr int strips_of(int thread, int count) {
    int const n = sides(count - first_row(thread));
    return n < 0 ? 0 : n < strips ? n : strips;
  }
  /// The column of the v-th sum of the n-th tile.
  [[nodiscard]] static constexpr int column(int thread, int n, int v) {
    return n * side + MatrixUnits::column(thread % lanes, v);
  }
  /// How many tiles hold so many rows.
  [[nodiscard]] static constexpr int sides(int count) { return (count + side - 1) / side; }

  /// The thread's part of a tile: row r < count from row_at(r), `width` columns, zeros around them.
  /// `even`: rows can be read 16 bytes at a time, and are brought, so they arrive later.
  template <int all, class Block, class F>
  static constexpr void read(Block const& block, Rows<all>& to, int count, int width, bool even,
                             int thread, F const& row_at) {
    constexpr int packs = D / at_once;
    for (int i = thread; i < all * packs; i += threads) {
      int const r = i / packs, c = i % packs * at_once;
      bool const there = r < count && c < width;
      if (there && even) {
        block.bring(&to[r][c], row_at(r) + c);
        continue;
      }
      Pack<bf16, at_once> v{};
      for (int k = 0; there && k < at_once && c + k < width; ++k) v.at[k] = row_at(r)[c + k];
      *static_cast<Pack<bf16, at_once>*>(static_cast<void*>(&to[r][c])) = v;
    }
  }
  /// The thread's i-th row of a product to `width` columns at `to`, times a factor; `even`: two at
  /// a time.
  template <class T>
  static constexpr void write(T* to, int width, bool even, float factor, int thread, int i,
                              Mixed const& sum) {
    unrolled<2 * columns>([&](int m) {
      int const n = m / 2, v = m % 2 * 4 + i % 2 * 2, c = column(thread, n, v);
      float const low = factor * sum[i / 2][n][v], high = factor * sum[i / 2][n][v + 1];
      if (even && c < width) {
        store<2>(to + c, Values<Sum<T>, 2>{{low, high}});
      } else {
        if (c < width) to[c] = static_cast<T>(low);
        if (c + 1 < width) to[c + 1] = static_cast<T>(high);
      }
    });
  }
};

}  // namespace vlpt::cuda
