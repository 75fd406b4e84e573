#pragma once
#include <cmath>
#include <span>

#include "vlpt/core/error.hpp"
#include "vlpt/kernels/apart.hpp"
#include "vlpt/train/optimizer.hpp"
#include "vlpt/train/step_summary.hpp"

namespace vlpt {

/// Says in which step a run diverged, and what to try.
[[noreturn]] inline void throw_diverged(StepSummary const& at, char const* what) {
  throw RunError(text("training diverged in step ", at.step + 1, " (epoch ", at.epoch + 1,
                      "): ", what,
                      ". Try a smaller learning rate, a longer warm-up or a smaller clipping "
                      "norm"));
}

/// Throws RunError, which names the step and says what to try, unless the loss and the norm of the
/// gradients are finite. Asked before the step is made, so that it changes nothing.
inline void require_finite_step(StepSummary const& at) {
  if (!std::isfinite(at.loss)) throw_diverged(at, "the loss is no finite number");
  if (!std::isfinite(at.gradient_norm))
    throw_diverged(at, "the norm of the gradients is no finite number");
}

/// The same for the values that a step made: finite gradients may still take a value past what its
/// type can hold. Asked before a run is saved, which could not be resumed otherwise.
template <class N, Optimizer O>
void require_finite_values(N const& net, O& optimizer, StepSummary const& at) {
  auto const finite = [](auto const& values) {
    for (auto const v : values)
      if (!std::isfinite(v)) return false;
    return true;
  };
  auto const& backend = net.backend();
  if (!finite(fetched(backend, net.learnt())))
    throw_diverged(at, "a learnt value is no finite number any more");
  for (auto const& [name, values] : optimizer.state())
    if (!finite(fetched(backend, values)))
      throw_diverged(at, "the optimizer's memory is no finite number any more");
}

}  // namespace vlpt
