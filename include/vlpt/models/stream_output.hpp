#pragma once
#include "vlpt/blocks/cross_stack.hpp"

namespace vlpt {

/// Where the parts of a two-stream model's output without head lie: the rows of both streams, if
/// they are asked for, and behind them the pooled rows of a sample's images.
struct StreamOutput {
  Index dim = 0;
  Index images = 1;  // of a sample

  /// The pooled rows (pairs, 2 dim).
  template <class T>
  [[nodiscard]] constexpr View<T> pooled(View<T> out) const {
    Index const n = 2 * dim;
    auto const last = out.middle_cols(out.cols - images * n, images * n);
    return {last.data, out.rows * images, n, images == 1 ? out.stride : n};
  }
  /// Pooled rows on their own, as a head reads them: all of a sample's in one row.
  template <class T>
  [[nodiscard]] constexpr View<T> samples(View<T> pooled) const {
    return {pooled.data, pooled.rows / images, pooled.cols * images};
  }
  /// A stream's rows, of which the run reads all.
  template <class T>
  [[nodiscard]] constexpr Stream<T> rows(View<T> out, std::size_t stream,
                                         OfStreams<StackRun> const& run) const {
    Index const n = run[stream].read.count, first = stream == 0 ? 0 : run[0].read.count;
    return {out.middle_cols(first * dim, n * dim).data, out.rows, n, dim, out.stride, dim};
  }
};

}  // namespace vlpt
