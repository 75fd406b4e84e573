#pragma once
#include "vlpt/kernels/cuda/warp_row.cuh"

namespace vlpt::cuda {

/// y = (x - mean) rstd gamma + beta; stats (n, 2) = (mean, rstd), or null.
template <class T, int N>
struct LayerNorm : RowKernel {
  using S = Sum<T>;
  View<T const> x, gamma, beta;
  S eps;
  View<T> y;
  View<S> stats;
  constexpr LayerNorm(View<T const> in, View<T const> g, View<T const> b, S e, View<T> out,
                      View<S> st)
      : x(in), gamma(g), beta(b), eps(e), y(out), stats(st) {}

  [[nodiscard]] constexpr Index blocks() const { return blocks_for(x.rows); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    using std::sqrt;
    S const width = static_cast<S>(x.cols);
    auto mean = block.template kept<S>();
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, x.rows);
      mean[t] = S(0);
      r.each<N>(x.cols, [&](Index c) {
        auto const v = load<N>(x.row(r.row) + c);
        for (int k = 0; k < N; ++k) mean[t] += v[k];
      });
    });
    block.template sum<lanes>(mean);
    auto variance = block.template kept<S>();
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, x.rows);
      mean[t] /= width;
      variance[t] = S(0);
      r.each<N>(x.cols, [&](Index c) {
        auto const v = load<N>(x.row(r.row) + c);
        for (int k = 0; k < N; ++k) variance[t] += (v[k] - mean[t]) * (v[k] - mean[t]);
      });
    });
    block.template sum<lanes>(variance);
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, x.rows);
      S const rstd = S(1) / sqrt(variance[t] / width + eps);
      r.each<N>(x.cols, [&](Index c) {
        auto v = load<N>(x.row(r.row) + c);
        auto const g = load<N>(gamma.data + c), b = load<N>(beta.data + c);
        for (int k = 0; k < N; ++k) v[k] = (v[k] - mean[t]) * rstd * g[k] + b[k];
        store<N>(y.row(r.row) + c, v);
      });
      if (!r.live || r.lane != 0 || stats.data == nullptr) return;
      stats(r.row, 0) = mean[t];
      stats(r.row, 1) = rstd;
    });
  }
};

/// dx = rstd (g - mean(g) - h mean(g h)) with h = (x - mean) rstd and g = dy gamma.
template <class T, int N>
struct LayerNormReverse : RowKernel {
  using S = Sum<T>;
  View<T const> dy, x;
  View<S const> stats;
  View<T const> gamma;
  View<T> dx;
  constexpr LayerNormReverse(View<T const> d, View<T const> in, View<S const> st, View<T const> g,
                             View<T> out)
      : dy(d), x(in), stats(st), gamma(g), dx(out) {}

  [[nodiscard]] constexpr Index blocks() const { return blocks_for(x.rows); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    auto sums = block.template kept<Values<S, 2>>();
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, x.rows);
      sums[t] = {};
      r.each<N>(x.cols, [&](Index c) {
        auto const n = normed(r.row, c);
        for (int k = 0; k < N; ++k) sums[t][0] += n.g[k], sums[t][1] += n.g[k] * n.h[k];
      });
    });
    block.template sum<lanes>(sums);
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, x.rows);
      S const width = static_cast<S>(x.cols), g = sums[t][0] / width, gh = sums[t][1] / width;
      r.each<N>(x.cols, [&](Index c) {
        auto n = normed(r.row, c);
        S const rstd = stats(r.row, 1);
        for (int k = 0; k < N; ++k) n.g[k] = rstd * (n.g[k] - g - n.h[k] * gh);
        store<N>(dx.row(r.row) + c, n.g);
      });
    });
  }

 private:
  struct Normed {
    Values<S, N> h, g;
  };
  constexpr Normed normed(Index row, Index c) const {
    S const mean = stats(row, 0), rstd = stats(row, 1);
    Normed n{load<N>(x.row(row) + c), load<N>(dy.row(row) + c)};
    auto const scale = load<N>(gamma.data + c);
    for (int k = 0; k < N; ++k) n.h[k] = (n.h[k] - mean) * rstd, n.g[k] *= scale[k];
    return n;
  }
};

}  // namespace vlpt::cuda
