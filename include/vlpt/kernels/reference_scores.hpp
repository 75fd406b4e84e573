#pragma once
#include <cmath>

#include "vlpt/core/view.hpp"

namespace vlpt {

/// What scores by similarity need, in plain loops: a part of Reference<T>.
template <class T>
class ReferenceScores {
 public:
  /// y row = x row / its length; lengths (n, 1), or null when no reverse will follow.
  void unit_rows(View<T const> x, View<T> y, View<T> lengths) const {
    using std::sqrt;
    for (Index i = 0; i < x.rows; ++i) {
      T squares = T(0);
      for (Index c = 0; c < x.cols; ++c) squares += x(i, c) * x(i, c);
      T const length = sqrt(squares);
      for (Index c = 0; c < x.cols; ++c) y(i, c) = x(i, c) / length;
      if (lengths.data != nullptr) lengths(i, 0) = length;
    }
  }
  /// dx = (dy - y <y, dy>) / length, for y = unit_rows(x); dx may be dy.
  void unit_rows_reverse(View<T const> dy, View<T const> y, View<T const> lengths,
                         View<T> dx) const {
    for (Index i = 0; i < y.rows; ++i) {
      T along = T(0);
      for (Index c = 0; c < y.cols; ++c) along += y(i, c) * dy(i, c);
      for (Index c = 0; c < y.cols; ++c) dx(i, c) = (dy(i, c) - along * y(i, c)) / lengths(i, 0);
    }
  }
  /// Row i of y keeps its columns [first_i, last_i); the others become `value`.
  void clear_outside(Index const* first, Index const* last, T value, View<T> y) const {
    for (Index i = 0; i < y.rows; ++i)
      for (Index c = 0; c < y.cols; ++c)
        if (c < first[i] || c >= last[i]) y(i, c) = value;
  }
  /// -(1/n) sum_i sum_c target_ic log softmax(logits_i)_c; d_logits is its gradient. A target of
  /// zero adds nothing, even where the logit is minus infinity.
  void soft_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                          View<T> loss) const {
    using std::exp;
    using std::log;
    T total = T(0);
    T const n = T(logits.rows);
    for (Index i = 0; i < logits.rows; ++i) {
      T top = logits(i, 0), sum = T(0), mass = T(0);
      for (Index c = 1; c < logits.cols; ++c) top = logits(i, c) > top ? logits(i, c) : top;
      for (Index c = 0; c < logits.cols; ++c) sum += exp(logits(i, c) - top);
      for (Index c = 0; c < logits.cols; ++c) {
        mass += targets(i, c);
        if (targets(i, c) != T(0)) total += targets(i, c) * (log(sum) - (logits(i, c) - top)) / n;
      }
      for (Index c = 0; c < logits.cols; ++c)
        d_logits(i, c) = (mass * exp(logits(i, c) - top) / sum - targets(i, c)) / n;
    }
    loss(0, 0) += total;
  }
};

}  // namespace vlpt
