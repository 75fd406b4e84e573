#pragma once
#include <type_traits>

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
  static_assert(D % side == 0 && pitch % at_once == 0);

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

  /// The thread's part of a tile: the rows of x, those of y, then zeros; zeros behind their
  /// columns. `even`: rows can be read 16 bytes at a time, and are brought, so they arrive later.
  template <int all, class Block>
  static constexpr void read(Block const& block, Rows<all>& to, View<bf16 const> const& x,
                             View<bf16 const> const& y, bool even, int thread) {
    constexpr int packs = D / at_once, apart = threads / packs;
    static_assert(threads % packs == 0 && all % apart == 0);
    int const c = thread % packs * at_once, columns_left = static_cast<int>(x.cols) - c;
    int r = thread / packs;
    int const in_x = static_cast<int>(x.rows), in_both = in_x + static_cast<int>(y.rows);
    Index at_x = r * x.stride + c, at_y = (r - in_x) * y.stride + c;
    for (; r < all; r += apart, at_x += apart * x.stride, at_y += apart * y.stride) {
      bool const there = r < in_both && columns_left > 0;
      if (there && even) {
        block.bring(&to[r][c], r < in_x ? x.data + at_x : y.data + at_y);
        continue;
      }
      Pack<bf16, at_once> v{};
      for (int k = 0; there && k < at_once && k < columns_left; ++k)
        v.at[k] = r < in_x ? x.data[at_x + k] : y.data[at_y + k];
      *static_cast<Pack<bf16, at_once>*>(static_cast<void*>(&to[r][c])) = v;
    }
  }
  /// The thread's i-th row of a product to `width` columns at `to`, times a factor; `even`: two at
  /// a time.
  template <class T, class Block>
  static constexpr void write(Block const& block, T* to, int width, bool even, float factor,
                              int thread, int i, Mixed const& sum) {
    unrolled<2 * columns>([&](int m) {
      int const n = m / 2, v = m % 2 * 4 + i % 2 * 2, c = column(thread, n, v);
      float const low = factor * sum[i / 2][n][v], high = factor * sum[i / 2][n][v + 1];
      Pack<T, 2> const both = rounded<T>(block, low, high);
      if (even && c < width) {
        *static_cast<Pack<T, 2>*>(static_cast<void*>(to + c)) = both;
      } else {
        if (c < width) to[c] = both.at[0];
        if (c + 1 < width) to[c + 1] = both.at[1];
      }
    });
  }

 private:
  template <class T, class Block>
  static constexpr Pack<T, 2> rounded(Block const& block, float low, float high) {
    Pack<T, 2> both{};
    if constexpr (std::is_same_v<T, bf16>) {
      std::uint32_t const pair = block.pair(low, high);
      both.at[0].bits = static_cast<std::uint16_t>(pair);
      both.at[1].bits = static_cast<std::uint16_t>(pair >> 16);
    } else {
      both.at[0] = low, both.at[1] = high;
    }
    return both;
  }
};

}  // namespace vlpt::cuda
