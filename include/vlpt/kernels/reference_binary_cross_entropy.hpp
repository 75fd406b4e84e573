#pragma once
#include <cmath>

#include "vlpt/core/view.hpp"

namespace vlpt {

/// -(1/n) sum_i sum_c [t log p + (1 - t) log(1 - p)] of n rows, p = 1 / (1 + exp(-logit)), targets
/// t in [0, 1]: summed over answers, the mean over samples, as VQA's loss. d_logits is its
/// gradient. A target of zero adds nothing where the logit is minus infinity (another task's).
template <class T>
[[nodiscard]] T reference_binary_cross_entropy(View<T const> logits, View<T const> targets,
                                               View<T> d_logits) {
  T loss = T(0);
  for (Index i = 0; i < logits.rows; ++i)
    for (Index c = 0; c < logits.cols; ++c) {
      T const x = logits(i, c), t = targets(i, c);
      T const small = std::exp(-std::abs(x));  // never overflows
      loss += (x > T(0) ? x : T(0)) - (t == T(0) ? T(0) : x * t) + std::log1p(small);
      d_logits(i, c) = ((x > T(0) ? T(1) : small) / (T(1) + small) - t) / T(logits.rows);
    }
  return loss / T(logits.rows);
}

}  // namespace vlpt
