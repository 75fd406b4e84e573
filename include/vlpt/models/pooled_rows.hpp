#pragma once
#include "vlpt/core/view.hpp"

namespace vlpt {

/// Where a single-stream model's rows stand in its output: the pooled ones of a sample's images at
/// the end, side by side, and before them every row of the stream, if asked for.
struct PooledRows {
  Index dim = 0;
  Index images = 1;  // of a sample

  /// Pooled rows (pairs, 1, dim) as (samples, 1, images * dim).
  template <class T>
  [[nodiscard]] constexpr Stream<T> samples(Stream<T> pooled) const {
    return {pooled.data, pooled.batch / images, 1, images * dim};
  }
  /// The pooled part of an output.
  template <class T>
  [[nodiscard]] constexpr Stream<T> pooled(View<T> out) const {
    return Stream<T>(out.middle_cols(out.cols - images * dim, images * dim), out.rows);
  }
  /// The `count` rows before it.
  template <class T>
  [[nodiscard]] constexpr Stream<T> rows(View<T> out, Index count) const {
    return {out.data, out.rows, count, dim, out.stride, dim};
  }
};

}  // namespace vlpt
