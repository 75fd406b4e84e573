#pragma once
#include "vlpt/kernels/cuda/matrix_units.cuh"

namespace vlpt::cuda {

/// The tiles of attention on the matrix units: 64 rows of D columns in shared memory, 16 of them to
/// each of the four warps of a block; what is beyond a head's columns is zero. Rows are padded by
/// 16 bytes, so that eight of them do not meet in a bank. A thread has `reach` rows of its warp's,
/// which the four threads of a group share.
template <int D>
struct MatrixTile : MatrixUnits {
  static constexpr int threads = 128, rows = 64, reach = 2, group = 4;
  static constexpr int pitch = D + 8, at_once = wide<bf16>, columns = D / side;
  static_assert(D % side == 0 && threads / lanes * side == rows);

  template <int count>
  using Rows = bf16[count][pitch];
  using Operand = Rows<rows>;
  using Mixed = Products<columns>;

  /// The first row of a thread's warp; the i-th row of a thread; which of them its v-th sum is of.
  [[nodiscard]] static constexpr int strip(int thread) { return thread / lanes * side; }
  [[nodiscard]] static constexpr int row(int thread, int i) {
    return strip(thread) + thread % lanes / 4 + 8 * i;
  }
  [[nodiscard]] static constexpr int row_of(int v) { return v / 2 % 2; }
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
      int const n = m / 2, v = m % 2 * 4 + 2 * i, c = column(thread, n, v);
      float const low = factor * sum[n][v], high = factor * sum[n][v + 1];
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
