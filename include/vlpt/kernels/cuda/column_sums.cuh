#pragma once
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/cuda/scalar.cuh"

// Sums over rows in two steps, in an order that does not change: runs of rows, then the runs.

namespace vlpt::cuda {

/// partial (runs, cols) = the column sums of `run` rows of dy each.
template <class T, int N>
struct ColumnSums {
  using S = Sum<T>;
  View<T const> dy;
  Index run;
  View<S> partial;

  [[nodiscard]] constexpr Index count() const { return partial.size() / N; }
  constexpr void operator()(Index i) const {
    Index const across = dy.cols / N, p = i / across, c = i % across * N;
    Index const end = (p + 1) * run < dy.rows ? (p + 1) * run : dy.rows;
    Values<S, N> sum{};
    for (Index r = p * run; r < end; ++r) {
      auto const v = load<N>(dy.row(r) + c);
      for (int k = 0; k < N; ++k) sum[k] += v[k];
    }
    for (int k = 0; k < N; ++k) partial(p, c + k) = sum[k];
  }
};

/// partial (runs, 2 cols) = the column sums of dy h, then of dy, for h = (x - mean) rstd: what a
/// layer norm's scale and shift receive.
template <class T, int N>
struct NormSums {
  using S = Sum<T>;
  View<T const> dy, x;
  View<S const> stats;
  Index run;
  View<S> partial;

  [[nodiscard]] constexpr Index count() const { return partial.rows * (dy.cols / N); }
  constexpr void operator()(Index i) const {
    Index const across = dy.cols / N, p = i / across, c = i % across * N;
    Index const end = (p + 1) * run < dy.rows ? (p + 1) * run : dy.rows;
    Values<S, N> scale{}, shift{};
    for (Index r = p * run; r < end; ++r) {
      auto const d = load<N>(dy.row(r) + c), v = load<N>(x.row(r) + c);
      S const mean = stats(r, 0), rstd = stats(r, 1);
      for (int k = 0; k < N; ++k) scale[k] += d[k] * ((v[k] - mean) * rstd), shift[k] += d[k];
    }
    for (int k = 0; k < N; ++k)
      partial(p, c + k) = scale[k], partial(p, dy.cols + c + k) = shift[k];
  }
};

/// y (1, cols) += the column sums of partial sums.
template <class T>
struct AddRuns {
  using S = Sum<T>;
  View<S const> partial;
  View<T> y;

  [[nodiscard]] constexpr Index count() const { return y.cols; }
  constexpr void operator()(Index c) const {
    S sum(0);
    for (Index p = 0; p < partial.rows; ++p) sum += partial(p, c);
    y(0, c) = static_cast<T>(static_cast<S>(y(0, c)) + sum);
  }
};

}  // namespace vlpt::cuda
