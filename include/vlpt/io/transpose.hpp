#pragma once
#include "vlpt/core/tensor.hpp"

namespace vlpt::io {

/// (rows, cols) becomes (cols, rows).
template <class T>
[[nodiscard]] Tensor<T> transpose(Tensor<T> const& t) {
  Tensor<T> out({t.shape.cols(), t.shape.rows()});
  auto const from = t.view();
  auto const to = out.view();
  for (Index r = 0; r < from.rows; ++r)
    for (Index c = 0; c < from.cols; ++c) to(c, r) = from(r, c);
  return out;
}

}  // namespace vlpt::io
