#pragma once
#include "vlpt/core/index.hpp"

// All that a kernel ever sees. No standard library, so that device compilers read it as well.

namespace vlpt {

/// A matrix of `rows` x `cols` in row-major order; `stride` elements lie between two rows.
/// A null view has data == nullptr; slicing it stays null, so a dry run can slice freely.
template <class T>
struct View {
  T* data = nullptr;
  Index rows = 0;
  Index cols = 0;
  Index stride = 0;

  constexpr View() = default;
  constexpr View(T* d, Index r, Index c) : data(d), rows(r), cols(c), stride(c) {}
  constexpr View(T* d, Index r, Index c, Index s) : data(d), rows(r), cols(c), stride(s) {}

  [[nodiscard]] constexpr T& operator()(Index r, Index c) const { return data[r * stride + c]; }
  [[nodiscard]] constexpr T* row(Index r) const {
    return data == nullptr ? nullptr : data + r * stride;
  }
  [[nodiscard]] constexpr Index size() const { return rows * cols; }
  [[nodiscard]] constexpr bool empty() const { return size() == 0; }
  [[nodiscard]] constexpr bool contiguous() const { return stride == cols || rows <= 1; }

  [[nodiscard]] constexpr View middle_rows(Index first, Index count) const {
    return {row(first), count, cols, stride};
  }
  [[nodiscard]] constexpr View middle_cols(Index first, Index count) const {
    return {data == nullptr ? nullptr : data + first, rows, count, stride};
  }
  constexpr operator View<T const>() const { return {data, rows, cols, stride}; }
};

/// A batch of token matrices: `batch` samples of `tokens` rows of `dim` columns.
/// A batch_stride of 0 is one sample shared by the whole batch.
template <class T>
struct Stream {
  T* data = nullptr;
  Index batch = 0;
  Index tokens = 0;
  Index dim = 0;
  Index batch_stride = 0;
  Index stride = 0;

  constexpr Stream() = default;
  constexpr Stream(T* d, Index b, Index n, Index c)
      : data(d), batch(b), tokens(n), dim(c), batch_stride(n * c), stride(c) {}
  constexpr Stream(T* d, Index b, Index n, Index c, Index bs, Index s)
      : data(d), batch(b), tokens(n), dim(c), batch_stride(bs), stride(s) {}
  /// The rows of one view as a batch of equally long samples.
  constexpr Stream(View<T> v, Index b)
      : data(v.data),
        batch(b),
        tokens(b == 0 ? 0 : v.rows / b),
        dim(v.cols),
        batch_stride(b == 0 ? 0 : v.rows / b * v.stride),
        stride(v.stride) {}

  [[nodiscard]] constexpr Index rows() const { return batch * tokens; }
  [[nodiscard]] constexpr Index size() const { return batch * tokens * dim; }
  [[nodiscard]] constexpr bool empty() const { return size() == 0; }
  /// Whether all samples together are one matrix of batch * tokens evenly spaced rows.
  [[nodiscard]] constexpr bool dense() const {
    return batch <= 1 || batch_stride == tokens * stride;
  }
  /// requires dense(): all rows of all samples as one matrix.
  [[nodiscard]] constexpr View<T> flat() const { return {data, rows(), dim, stride}; }
  [[nodiscard]] constexpr View<T> sample(Index b) const {
    return {data == nullptr ? nullptr : data + b * batch_stride, tokens, dim, stride};
  }
  /// Rows [first, first + count) of every sample.
  [[nodiscard]] constexpr Stream range(Index first, Index count) const {
    return {
        data == nullptr ? nullptr : data + first * stride, batch, count, dim, batch_stride, stride};
  }
  /// Samples [first, first + count).
  [[nodiscard]] constexpr Stream samples(Index first, Index count) const {
    return {data == nullptr ? nullptr : data + first * batch_stride,
            count,
            tokens,
            dim,
            batch_stride,
            stride};
  }
  [[nodiscard]] constexpr Stream columns(Index first, Index count) const {
    return {data == nullptr ? nullptr : data + first, batch, tokens, count, batch_stride, stride};
  }
  constexpr operator Stream<T const>() const {
    return {data, batch, tokens, dim, batch_stride, stride};
  }
};

}  // namespace vlpt
