#pragma once
#include "vlpt/kernels/cuda/warp_row.cuh"

namespace vlpt::cuda {

/// The largest element of each row, and the sum of exp(x - it): what softmax and its losses begin
/// with. kept values, the same in all lanes of a row.
template <int N, class T, class Block, class Kept>
constexpr void row_top(Block const& block, View<T const> x, Kept& top) {
  using S = Sum<T>;
  block.alone([&](int t) {
    WarpRow const r(block.index(), t, x.rows);
    top[t] = least<S>;
    r.each<N>(x.cols, [&](Index c) {
      auto const v = load<N>(x.row(r.row) + c);
      for (int k = 0; k < N; ++k) top[t] = larger(v[k], top[t]);
    });
  });
  block.template max<RowKernel::lanes>(top);
}
template <int N, class T, class Block, class Kept>
constexpr void row_mass(Block const& block, View<T const> x, Kept& top, Kept& mass) {
  using std::exp;
  using S = Sum<T>;
  block.alone([&](int t) {
    WarpRow const r(block.index(), t, x.rows);
    mass[t] = S(0);
    r.each<N>(x.cols, [&](Index c) {
      auto const v = load<N>(x.row(r.row) + c);
      for (int k = 0; k < N; ++k) mass[t] += exp(v[k] - top[t]);
    });
  });
  block.template sum<RowKernel::lanes>(mass);
}

/// y (n, 1) = the largest element of each row.
template <class T, int N>
struct RowMax : RowKernel {
  View<T const> x;
  View<T> y;
  constexpr RowMax(View<T const> in, View<T> out) : x(in), y(out) {}

  [[nodiscard]] constexpr Index blocks() const { return blocks_for(x.rows); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    auto top = block.template kept<Sum<T>>();
    row_top<N>(block, x, top);
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, x.rows);
      if (r.live && r.lane == 0) y(r.row, 0) = static_cast<T>(top[t]);
    });
  }
};

/// y row = exp(x - max) / sum; y may be x: a lane reads what it writes, and nobody else does.
template <class T, int N>
struct Softmax : RowKernel {
  using S = Sum<T>;
  View<T const> x;
  View<T> y;
  constexpr Softmax(View<T const> in, View<T> out) : x(in), y(out) {}

  [[nodiscard]] constexpr Index blocks() const { return blocks_for(x.rows); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    using std::exp;
    auto top = block.template kept<S>(), mass = block.template kept<S>();
    row_top<N>(block, x, top);
    row_mass<N>(block, x, top, mass);
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, x.rows);
      r.each<N>(x.cols, [&](Index c) {
        auto v = load<N>(x.row(r.row) + c);
        for (int k = 0; k < N; ++k) v[k] = exp(v[k] - top[t]) / mass[t];
        store<N>(y.row(r.row) + c, v);
      });
    });
  }
};

/// dx = y (dy - sum(y dy)); dx may be dy.
template <class T, int N>
struct SoftmaxReverse : RowKernel {
  using S = Sum<T>;
  View<T const> dy, y;
  View<T> dx;
  constexpr SoftmaxReverse(View<T const> d, View<T const> out, View<T> to)
      : dy(d), y(out), dx(to) {}

  [[nodiscard]] constexpr Index blocks() const { return blocks_for(y.rows); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    auto along = block.template kept<S>();
    row_product<N>(block, dy, y, along);
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, y.rows);
      r.each<N>(y.cols, [&](Index c) {
        auto d = load<N>(dy.row(r.row) + c);
        auto const v = load<N>(y.row(r.row) + c);
        for (int k = 0; k < N; ++k) d[k] = v[k] * (d[k] - along[t]);
        store<N>(dx.row(r.row) + c, d);
      });
    });
  }
};

}  // namespace vlpt::cuda
