#pragma once
#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::prompt {

/// A number of prompts that is a template argument, or, for `dynamic`, a run-time setting. It is
/// the only setting that a delta keeps: dropout matters in training alone.
template <Index P>
struct Count {
  static_assert(P > 0, "a prompt policy needs at least one prompt, or vlpt::dynamic");
  static constexpr Index prompts = P;
  template <class V>
  constexpr void settings(V&& v) const {
    v("prompts", prompts);
  }
};
template <>
struct Count<dynamic> {
  Index prompts = 0;
  template <class V>
  constexpr void settings(V&& v) const {
    v("prompts", prompts);
  }
};

/// The count as a value; throws where a run-time count was never set.
template <class Policy>
[[nodiscard]] constexpr Index count_of(Policy const& policy) {
  if (policy.prompts <= 0)
    throw InputError(text("a prompt policy needs at least one prompt, got ", policy.prompts));
  return policy.prompts;
}

}  // namespace vlpt::prompt
