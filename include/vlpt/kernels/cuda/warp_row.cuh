#pragma once
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/cuda/each.cuh"
#include "vlpt/kernels/cuda/scalar.cuh"

namespace vlpt::cuda {

/// What kernels of rows share: a warp to a row, so that no memory is shared and nobody waits.
struct RowKernel {
  using Shared = NoShared;
  static constexpr int lanes = 32;
  static constexpr int threads = 256;
  static constexpr int rows_of_block = threads / lanes;
  [[nodiscard]] static constexpr Index blocks_for(Index rows) {
    return (rows + rows_of_block - 1) / rows_of_block;
  }
};

/// A thread's part of a row: every lanes-th pack of N columns.
struct WarpRow {
  Index row;
  int lane;
  bool live;  // the last block has fewer rows

  constexpr WarpRow(Index block, int thread, Index rows)
      : row(block * RowKernel::rows_of_block + thread / RowKernel::lanes),
        lane(thread % RowKernel::lanes),
        live(row < rows) {}
  template <int N, class F>
  constexpr void each(Index cols, F const& f) const {
    if (!live) return;
    for (Index c = Index{lane} * N; c < cols; c += Index{RowKernel::lanes} * N) f(c);
  }
};

/// kept = <a row, b row>, the same in all lanes of a row.
template <int N, class T, class Block, class Kept>
constexpr void row_product(Block const& block, View<T const> a, View<T const> b, Kept& kept) {
  block.alone([&](int t) {
    WarpRow const r(block.index(), t, a.rows);
    kept[t] = Sum<T>(0);
    r.each<N>(a.cols, [&](Index c) {
      auto const v = load<N>(a.row(r.row) + c), w = load<N>(b.row(r.row) + c);
      for (int k = 0; k < N; ++k) kept[t] += v[k] * w[k];
    });
  });
  block.template sum<RowKernel::lanes>(kept);
}

}  // namespace vlpt::cuda
