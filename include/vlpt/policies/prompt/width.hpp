#pragma once
#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::prompt {

/// The width of an adapter's bottleneck: a template argument, or, for `dynamic`, a run-time
/// setting.
template <Index W>
struct Width {
  static constexpr Index width = W;
};
template <>
struct Width<dynamic> {
  Index width = 0;
};

/// The width as a value; throws where a run-time width was never set.
template <class Policy>
[[nodiscard]] constexpr Index width_of(Policy const& policy) {
  if (policy.width <= 0)
    throw InputError(text("an adapter needs a width of at least one, got ", policy.width));
  return policy.width;
}

}  // namespace vlpt::prompt
