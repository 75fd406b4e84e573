#pragma once
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/cuda/scalar.cuh"

namespace vlpt::cuda {

/// y = r + b, or b where r is null: what a product is added to that can not end in its bias.
template <class T>
struct StartRows {
  View<T const> r, b;
  View<T> y;
  [[nodiscard]] constexpr Index count() const { return y.size(); }
  constexpr void operator()(Index i) const {
    Index const row = i / y.cols, col = i % y.cols;
    Sum<T> const start = r.data == nullptr ? Sum<T>(0) : static_cast<Sum<T>>(r(row, col));
    y(row, col) = static_cast<T>(start + static_cast<Sum<T>>(b(0, col)));
  }
};

}  // namespace vlpt::cuda
