#pragma once
// The only header that includes Eigen. Eigen's own threads stay off: vlpt cuts the work itself.
#ifndef EIGEN_DONT_PARALLELIZE
#define EIGEN_DONT_PARALLELIZE
#endif
// A product packs its operands; up to this many bytes Eigen does so on the stack. That is enough
// for widths of a few hundred; at 768 Eigen takes its packing buffers from malloc, step after step.
#ifndef EIGEN_STACK_ALLOCATION_LIMIT
#define EIGEN_STACK_ALLOCATION_LIMIT (1024 * 1024)
#endif
#include <Eigen/Core>
#include <unsupported/Eigen/SpecialFunctions>

#include "vlpt/core/view.hpp"

namespace vlpt::eigen {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using Map = Eigen::Map<Matrix<T>, Eigen::Unaligned, Eigen::OuterStride<>>;
template <class T>
using ConstMap = Eigen::Map<Matrix<T> const, Eigen::Unaligned, Eigen::OuterStride<>>;
template <class T>
using Row = Eigen::Map<Eigen::Array<T, 1, Eigen::Dynamic>>;
template <class T>
using ConstRow = Eigen::Map<Eigen::Array<T, 1, Eigen::Dynamic> const>;

template <class T>
[[nodiscard]] Map<T> map(View<T> v) {
  return {v.data, v.rows, v.cols, Eigen::OuterStride<>(v.stride)};
}
template <class T>
[[nodiscard]] ConstMap<T> map(View<T const> v) {
  return {v.data, v.rows, v.cols, Eigen::OuterStride<>(v.stride)};
}
template <class T>
[[nodiscard]] Row<T> row(View<T> v, Index r) {
  return {v.row(r), v.cols};
}
template <class T>
[[nodiscard]] ConstRow<T> row(View<T const> v, Index r) {
  return {v.row(r), v.cols};
}

}  // namespace vlpt::eigen
