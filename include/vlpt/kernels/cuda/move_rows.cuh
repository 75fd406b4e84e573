#pragma once
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/cuda/scalar.cuh"

// Kernels of elements that move rows to other places.

namespace vlpt::cuda {

/// y row r of sample b = x row index[b * y.tokens + r] of the same sample, or of the only one.
template <class T, int N>
struct Gather {
  Stream<T const> x;  // batch_stride 0 where it is shared
  Index const* index;
  Stream<T> y;

  [[nodiscard]] constexpr Index count() const { return y.size() / N; }
  constexpr void operator()(Index i) const {
    Index const across = y.dim / N, row = i / across, c = i % across * N;
    Index const b = row / y.tokens, r = row % y.tokens;
    T const* const from = x.data + b * x.batch_stride + index[row] * x.stride + c;
    store<N>(y.data + b * y.batch_stride + r * y.stride + c, load<N>(from));
  }
};

/// y += the samples of x, in order.
template <class T, int N>
struct AddSamples {
  Stream<T const> x;
  View<T> y;

  [[nodiscard]] constexpr Index count() const { return y.size() / N; }
  constexpr void operator()(Index i) const {
    Index const across = y.cols / N, r = i / across, c = i % across * N;
    T* const to = y.row(r) + c;
    auto sum = load<N>(to);
    for (Index b = 0; b < x.batch; ++b) {
      auto const v = load<N>(x.data + b * x.batch_stride + r * x.stride + c);
      for (int k = 0; k < N; ++k) sum[k] += v[k];
    }
    store<N>(to, sum);
  }
};

/// y (batch, dim) = the mean over the rows of each sample.
template <class T, int N>
struct MeanRows {
  Stream<T const> x;
  View<T> y;

  [[nodiscard]] constexpr Index count() const { return y.size() / N; }
  constexpr void operator()(Index i) const {
    Index const across = y.cols / N, b = i / across, c = i % across * N;
    Values<Sum<T>, N> sum{};
    for (Index r = 0; r < x.tokens; ++r) {
      auto const v = load<N>(x.data + b * x.batch_stride + r * x.stride + c);
      for (int k = 0; k < N; ++k) sum[k] += v[k];
    }
    for (int k = 0; k < N; ++k) sum[k] /= static_cast<Sum<T>>(x.tokens);
    store<N>(y.row(b) + c, sum);
  }
};

/// y = x as another scalar, through float.
template <class From, class To, int N>
struct Convert {
  View<From const> x;
  View<To> y;

  [[nodiscard]] constexpr Index count() const { return y.size() / N; }
  constexpr void operator()(Index i) const {
    Index const across = y.cols / N, r = i / across, c = i % across * N;
    auto const v = load<N>(x.row(r) + c);
    Values<Sum<To>, N> rounded{};
    for (int k = 0; k < N; ++k) rounded[k] = static_cast<Sum<To>>(static_cast<float>(v[k]));
    store<N>(y.row(r) + c, rounded);
  }
};

/// y(j, i) = x(i, j).
template <class T>
struct Turn {
  View<T const> x;
  View<T> y;

  [[nodiscard]] constexpr Index count() const { return x.size(); }
  constexpr void operator()(Index i) const {
    y(i % x.cols, i / x.cols) = x(i / x.cols, i % x.cols);
  }
};

}  // namespace vlpt::cuda
