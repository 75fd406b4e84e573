#pragma once
#include <cmath>
#include <span>

#include "vlpt/core/error.hpp"
#include "vlpt/kernels/update.hpp"

namespace vlpt {

/// The L2 norm of all gradients together, summed in double and in a fixed order.
template <class B, class T>
[[nodiscard]] double gradient_norm(B const& backend, std::span<T> gradients) {
  return std::sqrt(squared_norm(backend, std::span<T const>(gradients)));
}

/// Scales the gradients so that their norm is at most max_norm, as torch.nn.utils.clip_grad_norm_
/// (factor max_norm / (norm + 1e-6), never above 1); returns the norm they had before.
/// An infinite max_norm only measures. Where the norm is no finite number the gradients stay as
/// they are: require_finite_step() says so.
template <class B, class T>
double clip_norm(B const& backend, std::span<T> gradients, double max_norm) {
  VLPT_CHECK(max_norm > 0, "gradients are clipped to a norm above 0, got ", max_norm);
  double const norm = gradient_norm(backend, gradients);
  double const factor = max_norm / (norm + 1e-6);
  if (std::isfinite(norm) && factor < 1)
    backend.scale(static_cast<Sum<T>>(factor),
                  Stream<T>(gradients.data(), 1, 1, static_cast<Index>(gradients.size())));
  return norm;
}

}  // namespace vlpt
