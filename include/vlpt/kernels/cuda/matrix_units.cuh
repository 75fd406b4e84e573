#pragma once
#include <cstdint>
#include <utility>

#include "vlpt/core/bf16.hpp"
#include "vlpt/kernels/cuda/scalar.cuh"

namespace vlpt::cuda {

/// What the matrix units multiply at once: two tiles of 16 x 16 bf16, each spread over the 32 lanes
/// of a warp as NVIDIA documents it for mma.m16n8k16 (PTX ISA; compute capability 8.0 and later),
/// with sums in float. A tile has four quarters of 8 x 8; a lane has two neighbours of each.
struct MatrixUnits {
  static constexpr int lanes = 32, side = 16;
  /// Pairs of bf16, the first in the lower half: of a left factor the quarters at (0, 0), (8, 0),
  /// (0, 8), (8, 8), pairs along a row; of a right one likewise, pairs along a column.
  using Factor = Values<std::uint32_t, 4>;
  using Product = Values<float, 8>;

  /// Row and column of the i-th sum of a lane, which is the i-th element of a left factor, too.
  [[nodiscard]] static constexpr int row(int lane, int i) { return lane / 4 + i / 2 % 2 * 8; }
  [[nodiscard]] static constexpr int column(int lane, int i) {
    return lane % 4 * 2 + i % 2 + i / 4 * 8;
  }
};

/// f(0), f(1), ... f(N - 1): a loop without a loop, for what a device keeps in registers, which
/// have no index.
template <int N, class F>
constexpr void unrolled(F const& f) {
  [&]<int... i>(std::integer_sequence<int, i...>) { (f(i), ...); }
  (std::make_integer_sequence<int, N>{});
}

/// Which of the tiles of a product are wanted: the first m of its rows, n of its columns, k of each
/// sum.
struct Reach {
  int m, n, k;
};

/// A product's part of a lane as a left factor, rounded.
template <class Block>
[[nodiscard]] constexpr MatrixUnits::Factor left_of(Block const& block,
                                                    MatrixUnits::Product const& p) {
  return {{block.pair(p[0], p[1]), block.pair(p[2], p[3]), block.pair(p[4], p[5]),
           block.pair(p[6], p[7])}};
}

}  // namespace vlpt::cuda
