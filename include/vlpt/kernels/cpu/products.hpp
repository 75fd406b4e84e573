#pragma once
#include "vlpt/kernels/cpu/eigen.hpp"

namespace vlpt::eigen {

/// The three products of matrices by Eigen. Each is written once and not inlined: every expression
/// of another type would make Eigen's whole machinery be compiled again.
template <class T>
struct Products {
  /// y (n, m) = a (n, k) b (k, m), or added to y.
  [[gnu::noinline]] static void plain(View<T const> a, View<T const> b, View<T> y,
                                      bool adds = false) {
    auto out = start(y, adds);
    out.noalias() += map(a) * map(b);
  }
  /// y (n, m) = a (n, k) b^T for b (m, k), or added to y.
  [[gnu::noinline]] static void right_transposed(View<T const> a, View<T const> b, View<T> y,
                                                 bool adds = false) {
    auto out = start(y, adds);
    out.noalias() += map(a) * map(b).transpose();
  }
  /// y (n, m) = a^T b for a (k, n) and b (k, m), or added to y.
  [[gnu::noinline]] static void left_transposed(View<T const> a, View<T const> b, View<T> y,
                                                bool adds = false) {
    auto out = start(y, adds);
    out.noalias() += map(a).transpose() * map(b);
  }

 private:
  static Map<T> start(View<T> y, bool adds) {
    auto out = map(y);
    if (!adds) out.setZero();
    return out;
  }
};

}  // namespace vlpt::eigen
