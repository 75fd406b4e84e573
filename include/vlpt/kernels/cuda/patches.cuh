#pragma once
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/cuda/scalar.cuh"

namespace vlpt::cuda {

/// How images (batch, channels * height, width) are cut into patches (batch, patches,
/// channels * patch * patch), in raster order, each flattened channel, row, column.
struct PatchGrid {
  Index channels, patch, across, down;

  /// The pixel of column c of patch n, as an offset from its image.
  [[nodiscard]] constexpr Index pixel(Index n, Index c, Index stride) const {
    Index const line = c / patch, column = n % across * patch + c % patch;
    Index const row = line / patch * down * patch + n / across * patch + line % patch;
    return row * stride + column;
  }
};

/// y = the patches of images.
template <class T, int N>
struct Patches {
  PatchGrid grid;
  Stream<T const> images;
  Stream<T> y;

  [[nodiscard]] constexpr Index count() const { return y.size() / N; }
  constexpr void operator()(Index i) const {
    Index const wide_row = y.dim / N, row = i / wide_row, c = i % wide_row * N;
    Index const b = row / y.tokens, n = row % y.tokens;
    T const* const from = images.data + b * images.batch_stride;
    store<N>(y.data + b * y.batch_stride + n * y.stride + c,
             load<N>(from + grid.pixel(n, c, images.stride)));
  }
};

/// The images of patches dy.
template <class T, int N>
struct PatchesReverse {
  PatchGrid grid;
  Stream<T const> dy;
  Stream<T> images;

  [[nodiscard]] constexpr Index count() const { return dy.size() / N; }
  constexpr void operator()(Index i) const {
    Index const wide_row = dy.dim / N, row = i / wide_row, c = i % wide_row * N;
    Index const b = row / dy.tokens, n = row % dy.tokens;
    T* const to = images.data + b * images.batch_stride;
    store<N>(to + grid.pixel(n, c, images.stride),
             load<N>(dy.data + b * dy.batch_stride + n * dy.stride + c));
  }
};

}  // namespace vlpt::cuda
