#pragma once
#include <array>
#include <cstdint>

#include "vlpt/core/view.hpp"

namespace vlpt::cuda {

/// A matrix by columns, as BLAS stores them: `ld` elements lie between two columns.
template <class U>
struct Columns {
  U* data = nullptr;
  Index rows = 0;
  Index cols = 0;
  Index ld = 0;
};

/// What the memory of a view is by columns: its transpose.
template <class U>
[[nodiscard]] constexpr Columns<U> columns_of(View<U> v) {
  return {v.data, v.cols, v.rows, v.rows <= 1 ? v.cols : v.stride};
}

/// d = op(a) op(b) + c + bias, all by columns; op turns a matrix where it says so. Without data c
/// is not added; it may be d. bias has d.rows values, added to every column, or is null. With gelu
/// d is GELU, in its tanh form, of that, and `before`, if it has data, is that itself.
template <class T>
struct ColumnProduct {
  Columns<T const> a, b, c;
  Columns<T> d;
  bool turns_a = false;
  bool turns_b = false;
  T const* bias = nullptr;
  bool gelu = false;
  Columns<T> before{};

  [[nodiscard]] constexpr Index depth() const { return turns_a ? a.rows : a.cols; }
  [[nodiscard]] constexpr bool adds() const { return c.data != nullptr; }
};

// The products of Reference<T>: views by rows turned into matrices by columns.

/// y = r + x w^T + b; r and b may be null.
template <class T>
[[nodiscard]] constexpr ColumnProduct<T> linear_product(View<T const> x, View<T const> w,
                                                        View<T const> b, View<T const> r,
                                                        View<T> y) {
  return {.a = columns_of(w),
          .b = columns_of(x),
          .c = columns_of(r),
          .d = columns_of(y),
          .turns_a = true,
          .bias = b.data};
}
/// y = GELU(x w^T + b), and before = x w^T + b; b and before may be null.
template <class T>
[[nodiscard]] constexpr ColumnProduct<T> gelu_product(View<T const> x, View<T const> w,
                                                      View<T const> b, View<T> before, View<T> y) {
  ColumnProduct<T> p = linear_product(x, w, b, View<T const>{}, y);
  p.gelu = true;
  p.before = columns_of(before);
  return p;
}
/// dx = dy w.
template <class T>
[[nodiscard]] constexpr ColumnProduct<T> input_product(View<T const> dy, View<T const> w,
                                                       View<T> dx) {
  return {.a = columns_of(w), .b = columns_of(dy), .c = {}, .d = columns_of(dx)};
}
/// dw += dy^T x.
template <class T>
[[nodiscard]] constexpr ColumnProduct<T> weight_product(View<T const> dy, View<T const> x,
                                                        View<T> dw) {
  return {.a = columns_of(x),
          .b = columns_of(dy),
          .c = columns_of(View<T const>(dw)),
          .d = columns_of(dw),
          .turns_b = true};
}

/// The largest power of two, 256 at most, that divides an address; 0 for null.
[[nodiscard]] inline Index alignment_of(void const* p) {
  auto const at = reinterpret_cast<std::uintptr_t>(p);
  Index alignment = p == nullptr ? 0 : 256;
  while (alignment != 0 && at % static_cast<std::uintptr_t>(alignment) != 0) alignment /= 2;
  return alignment;
}

/// All of a product that the choice of an algorithm may depend on: equal keys, equal choices.
using ProductKey = std::array<Index, 20>;
template <class T>
[[nodiscard]] ProductKey key_of(ColumnProduct<T> const& p) {
  return {p.turns_a,
          p.turns_b,
          p.d.rows,
          p.d.cols,
          p.depth(),
          p.a.ld,
          p.b.ld,
          p.c.ld,
          p.d.ld,
          p.adds(),
          p.c.data == p.d.data,
          alignment_of(p.a.data),
          alignment_of(p.b.data),
          alignment_of(p.c.data),
          alignment_of(p.d.data),
          alignment_of(p.bias),
          p.gelu,
          p.before.ld,
          alignment_of(p.before.data),
          sizeof(T)};
}

}  // namespace vlpt::cuda
