#pragma once
#include <utility>
#include <vector>

#include "vlpt/core/shape.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// An owning array in host memory, row-major: what users hand in and get back.
template <class T>
struct Tensor {
  Shape shape;
  std::vector<T> values;

  Tensor() = default;
  explicit Tensor(Shape s, T value = T{})
      : shape(s), values(static_cast<std::size_t>(s.size()), value) {}
  Tensor(Shape s, std::vector<T> v) : shape(s), values(std::move(v)) {
    VLPT_CHECK(shape.size() == static_cast<Index>(values.size()), "a tensor of shape ", shape,
               " needs ", shape.size(), " values, got ", values.size());
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(values.size()); }
  [[nodiscard]] T* data() { return values.data(); }
  [[nodiscard]] T const* data() const { return values.data(); }
  [[nodiscard]] T& operator[](Index i) { return values[static_cast<std::size_t>(i)]; }
  [[nodiscard]] T const& operator[](Index i) const { return values[static_cast<std::size_t>(i)]; }

  /// As a matrix (all extents but the last, last extent).
  [[nodiscard]] View<T> view() { return {values.data(), shape.rows(), shape.cols()}; }
  [[nodiscard]] View<T const> view() const { return {values.data(), shape.rows(), shape.cols()}; }
};

}  // namespace vlpt
