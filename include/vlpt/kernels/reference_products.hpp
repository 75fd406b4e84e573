#pragma once
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/reference_attention.hpp"

namespace vlpt {

/// The products of Reference<T>.
template <class T>
class ReferenceProducts {
 public:
  using Sum = typename ReferenceAttention<T>::Sum;  // what products add up in

  /// y (n, out) = x (n, in) w^T + b;  w (out, in); b (1, out) or null.
  void linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const {
    for (Index i = 0; i < y.rows; ++i)
      for (Index j = 0; j < y.cols; ++j) {
        Sum sum = b.data == nullptr ? Sum(0) : Sum(b(0, j));
        for (Index k = 0; k < x.cols; ++k) sum += Sum(x(i, k)) * Sum(w(j, k));
        y(i, j) = static_cast<T>(sum);
      }
  }
  /// y = r + x w^T + b; r may be y.
  void linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                  View<T> y) const {
    for (Index i = 0; i < y.rows; ++i)
      for (Index j = 0; j < y.cols; ++j) {
        Sum sum = b.data == nullptr ? Sum(0) : Sum(b(0, j));
        for (Index k = 0; k < x.cols; ++k) sum += Sum(x(i, k)) * Sum(w(j, k));
        y(i, j) = static_cast<T>(r(i, j) + static_cast<T>(sum));
      }
  }
  /// dx (n, in) = dy (n, out) w.
  void linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
    for (Index i = 0; i < dx.rows; ++i)
      for (Index k = 0; k < dx.cols; ++k) {
        Sum sum(0);
        for (Index j = 0; j < dy.cols; ++j) sum += Sum(dy(i, j)) * Sum(w(j, k));
        dx(i, k) = static_cast<T>(sum);
      }
  }
  /// dw (out, in) += dy^T x;  db (1, out) += column sums of dy; either may be null.
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw, View<T> db) const {
    if (dw.data != nullptr)
      for (Index j = 0; j < dw.rows; ++j)
        for (Index k = 0; k < dw.cols; ++k) {
          Sum sum(0);
          for (Index i = 0; i < dy.rows; ++i) sum += Sum(dy(i, j)) * Sum(x(i, k));
          dw(j, k) = static_cast<T>(dw(j, k) + static_cast<T>(sum));
        }
    if (db.data != nullptr)
      for (Index j = 0; j < db.cols; ++j) {
        Sum sum(0);
        for (Index i = 0; i < dy.rows; ++i) sum += Sum(dy(i, j));
        db(0, j) = static_cast<T>(db(0, j) + static_cast<T>(sum));
      }
  }
};

}  // namespace vlpt
