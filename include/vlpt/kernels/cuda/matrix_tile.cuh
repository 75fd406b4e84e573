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
  /// `even`: rows can be read 16 bytes at a time.
  template <int all, class F>
  static constexpr void read(Rows<all>& to, int count, int width, bool even, int thread,
                             F const& row_at) {
    constexpr int packs = D / at_once, each = all * packs / threads;
    static_assert(all * packs % threads == 0);
    Values<Pack<bf16, at_once>, each> v{};  // all is asked for before anything is waited for
    unrolled<each>([&](int m) {
      int const i = m * threads + thread, r = i / packs, c = i % packs * at_once;
      if (r >= count || c >= width) return;
      bf16 const* const from = row_at(r) + c;
      if (even)
        v[m] = *static_cast<Pack<bf16, at_once> const*>(static_cast<void const*>(from));
      else
        unrolled<at_once>([&](int k) {
          if (c + k < width) v[m].at[k] = from[k];
        });
    });
    unrolled<each>([&](int m) {
      int const i = m * threads + thread;
      void* const place = &to[i / packs][i % packs * at_once];
      *static_cast<Pack<bf16, at_once>*>(place) = v[m];
    });
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
