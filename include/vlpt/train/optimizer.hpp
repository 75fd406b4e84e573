#pragma once
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/real.hpp"
#include "vlpt/kernels/apart.hpp"

namespace vlpt {

/// What an optimizer remembers between steps, by name, open for writing: saving these spans and
/// steps(), and putting them back, resumes a run bit for bit.
template <class T>
using OptimizerState = std::vector<std::pair<std::string, std::span<T>>>;

/// Names the scalar it works on: `using value_type = float;`.
template <class O>
concept HasValueType = requires {
  typename O::value_type;
};

/// Has `step(values, gradients, learning_rate)`, which changes values in place.
template <class O>
concept CanStep = HasValueType<O> &&
    requires(O o, std::span<typename O::value_type> values,
             std::span<typename O::value_type const> gradients, double learning_rate) {
  o.step(values, gradients, learning_rate);
};

/// Has `state()`: an OptimizerState of everything that step() remembers, in Sum<value_type>.
template <class O>
concept HasState = HasValueType<O> && requires(O o) {
  { o.state() } -> std::same_as<OptimizerState<Sum<typename O::value_type>>>;
};

/// Has `steps()` and `set_steps(n)`: how many steps were made.
template <class O>
concept CountsSteps = requires(O o, O const& c, std::int64_t n) {
  { c.steps() } -> std::same_as<std::int64_t>;
  o.set_steps(n);
};

/// Whether an optimizer works where a net on backend B has its values: anyone does on the host's
/// memory; elsewhere one that says so, `using Backend = B;`.
template <class O, class B>
constexpr bool works_on = [] {
  if constexpr (!KeepsApart<B>)
    return true;
  else if constexpr (requires { typename O::Backend; })
    return std::same_as<typename O::Backend, B>;
  else
    return false;
}();

/// Changes one contiguous span of learnt values by one of gradients, and can be resumed exactly.
/// The learning rate comes with every step (see Schedule), so an optimizer holds no clock for it.
template <class O>
concept Optimizer = HasValueType<O> && CanStep<O> && HasState<O> && CountsSteps<O>;

}  // namespace vlpt
