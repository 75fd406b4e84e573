#pragma once
#include "vlpt/core/view.hpp"

namespace vlpt::cuda {

/// y = r + b, or b where r is null: what a product is added to that can not end in its bias.
template <class T>
struct StartRows {
  View<T const> r, b;
  View<T> y;
  [[nodiscard]] constexpr Index count() const { return y.size(); }
  constexpr void operator()(Index i) const {
    Index const row = i / y.cols, col = i % y.cols;
    y(row, col) = r.data == nullptr ? b(0, col) : r(row, col) + b(0, col);
  }
};

}  // namespace vlpt::cuda
