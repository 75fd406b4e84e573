#pragma once
#include "vlpt/core/bf16.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// Rows as bf16, and back.
template <class T>
class ReferenceHalves {
 public:
  /// y = x as a float, rounded to the nearest, ties to even.
  void narrow(View<T const> x, View<bf16> y) const {
    each_row(x, y, [](T const* from, bf16* to, Index n) {
      for (Index i = 0; i < n; ++i) to[i] = bf16(static_cast<float>(from[i]));
    });
  }
  void widen(View<bf16 const> x, View<T> y) const {
    each_row(x, y, [](bf16 const* from, T* to, Index n) {
      for (Index i = 0; i < n; ++i) to[i] = static_cast<T>(static_cast<float>(from[i]));
    });
  }

 protected:
  /// Rows without gaps are one: a loop that compilers make vectors of.
  template <class X, class Y, class F>
  static void each_row(View<X> x, View<Y> y, F const& f) {
    if (x.contiguous() && y.contiguous()) return f(x.data, y.data, x.size());
    for (Index i = 0; i < x.rows; ++i) f(x.row(i), y.row(i), x.cols);
  }
};

}  // namespace vlpt
