#pragma once
#include "vlpt/kernels/cuda/warp_row.cuh"

// Sums over all elements in two steps, in an order that does not change: a partial sum for each
// warp, then the partial sums.

namespace vlpt::cuda {

/// partial[warp] = the sum of term(i) over every i < term.count() of this warp.
template <class F>
struct Totals : RowKernel {
  using S = typename F::Total;
  F term;
  S* partial;
  Index warps;
  constexpr Totals(F t, S* p, Index w) : term(t), partial(p), warps(w) {}

  [[nodiscard]] constexpr Index blocks() const { return blocks_for(warps); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    auto total = block.template kept<S>();
    block.alone([&](int t) {
      WarpRow const w(block.index(), t, warps);
      total[t] = S(0);
      if (!w.live) return;
      for (Index i = w.row * lanes + w.lane; i < term.count(); i += warps * lanes)
        total[t] += term(i);
    });
    block.template sum<lanes>(total);
    block.alone([&](int t) {
      WarpRow const w(block.index(), t, warps);
      if (w.live && w.lane == 0) partial[w.row] = total[t];
    });
  }
};

/// *y += factor times the sum of `count` partial sums.
template <class S, class T>
struct AddTotal {
  static constexpr int threads = 256, lanes = 32;
  struct Shared {
    S of_warp[threads / lanes];
  };
  S const* partial;
  Index count;
  S factor;
  T* y;

  [[nodiscard]] constexpr Index blocks() const { return 1; }
  template <class Block>
  constexpr void operator()(Block const& block, Shared& shared) const {
    auto total = block.template kept<S>();
    block.alone([&](int t) {
      total[t] = S(0);
      for (Index i = t; i < count; i += threads) total[t] += partial[i];
    });
    block.template sum<lanes>(total);
    block.each([&](int t) {
      if (t % lanes == 0) shared.of_warp[t / lanes] = total[t];
    });
    block.each([&](int t) {
      if (t != 0) return;
      S sum(0);
      for (S const s : shared.of_warp) sum += s;
      *y = static_cast<T>(static_cast<S>(*y) + factor * sum);
    });
  }
};

/// x y, N elements at a time.
template <class T, int N>
struct Products {
  using Total = Sum<T>;
  Stream<T const> x, y;
  [[nodiscard]] constexpr Index count() const { return x.size() / N; }
  constexpr Total operator()(Index i) const {
    Index const across = x.dim / N, row = i / across, c = i % across * N;
    Index const b = row / x.tokens, r = row % x.tokens;
    auto const v = load<N>(x.data + b * x.batch_stride + r * x.stride + c);
    auto const w = load<N>(y.data + b * y.batch_stride + r * y.stride + c);
    Total sum(0);
    for (int k = 0; k < N; ++k) sum += v[k] * w[k];
    return sum;
  }
};

/// x^2 in double.
template <class T, int N>
struct Squares {
  using Total = double;
  View<T const> x;
  [[nodiscard]] constexpr Index count() const { return x.size() / N; }
  constexpr Total operator()(Index i) const {
    Index const across = x.cols / N;
    auto const v = load<N>(x.row(i / across) + i % across * N);
    Total sum(0);
    for (int k = 0; k < N; ++k) sum += static_cast<double>(v[k]) * static_cast<double>(v[k]);
    return sum;
  }
};

}  // namespace vlpt::cuda
