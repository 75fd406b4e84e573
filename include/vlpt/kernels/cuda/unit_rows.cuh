#pragma once
#include "vlpt/kernels/cuda/warp_row.cuh"

namespace vlpt::cuda {

/// y row = x row / its length; lengths (n, 1), or null.
template <class T, int N>
struct UnitRows : RowKernel {
  using S = Sum<T>;
  View<T const> x;
  View<T> y, lengths;
  constexpr UnitRows(View<T const> in, View<T> out, View<T> l) : x(in), y(out), lengths(l) {}

  [[nodiscard]] constexpr Index blocks() const { return blocks_for(x.rows); }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    using std::sqrt;
    auto length = block.template kept<S>();
    row_product<N>(block, x, x, length);
    block.alone([&](int t) {
      WarpRow const r(block.index(), t, x.rows);
      length[t] = sqrt(length[t]);
      r.each<N>(x.cols, [&](Index c) {
        auto v = load<N>(x.row(r.row) + c);
        for (int k = 0; k < N; ++k) v[k] /= length[t];
        store<N>(y.row(r.row) + c, v);
      });
      if (r.live && r.lane == 0 && lengths.data != nullptr)
        lengths(r.row, 0) = static_cast<T>(length[t]);
    });
  }
};

/// dx = (dy - y <y, dy>) / length; dx may be dy.
template <class T, int N>
struct UnitRowsReverse : RowKernel {
  using S = Sum<T>;
  View<T const> dy, y, lengths;
  View<T> dx;
  constexpr UnitRowsReverse(View<T const> d, View<T const> out, View<T const> l, View<T> to)
      : dy(d), y(out), lengths(l), dx(to) {}

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
        S const length = static_cast<S>(lengths(r.row, 0));
        for (int k = 0; k < N; ++k) d[k] = (d[k] - along[t] * v[k]) / length;
        store<N>(dx.row(r.row) + c, d);
      });
    });
  }
};

}  // namespace vlpt::cuda
