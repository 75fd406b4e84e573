#pragma once
#if __has_include(<xtensor/containers/xtensor.hpp>)  // 0.26 and later
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/core/xexpression.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xexpression.hpp>
#include <xtensor/xtensor.hpp>
#endif

#include <algorithm>
#include <cstddef>
#include <vector>

#include "vlpt/core/tensor.hpp"

namespace vlpt::io {

/// A copy of any xtensor expression (array, view, formula) as a row-major Tensor of its value type.
template <class E>
[[nodiscard]] auto to_tensor(xt::xexpression<E> const& expression) {
  E const& e = expression.derived_cast();
  Shape shape;
  for (auto extent : e.shape()) shape.append(static_cast<Index>(extent));
  Tensor<typename E::value_type> out(shape);
  std::copy(e.template cbegin<xt::layout_type::row_major>(),
            e.template cend<xt::layout_type::row_major>(), out.values.begin());
  return out;
}

/// An xtensor array that looks at the tensor's own values; the tensor must outlive it.
template <class T>
[[nodiscard]] auto adapt(Tensor<T>& t) {
  std::vector<std::size_t> shape(static_cast<std::size_t>(t.shape.rank));
  for (int i = 0; i < t.shape.rank; ++i)
    shape[static_cast<std::size_t>(i)] = static_cast<std::size_t>(t.shape[i]);
  return xt::adapt(t.values, shape);
}
template <class T>
[[nodiscard]] auto adapt(Tensor<T> const& t) {
  std::vector<std::size_t> shape(static_cast<std::size_t>(t.shape.rank));
  for (int i = 0; i < t.shape.rank; ++i)
    shape[static_cast<std::size_t>(i)] = static_cast<std::size_t>(t.shape[i]);
  return xt::adapt(t.values, shape);
}

}  // namespace vlpt::io
