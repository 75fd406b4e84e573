#pragma once
#include "vlpt/blocks/facts.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/core/square_root.hpp"

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

/// VPT's law U(-v, v), v = sqrt(6 / (channels * patch^2 + dim)): that of the patch projection
/// (arXiv 2203.12119; v = 0.0625 for ViT-B/16).
[[nodiscard]] constexpr double vpt_bound(VisionFacts const& f) {
  return square_root(6.0 / static_cast<double>(f.patch_size() + f.dim));
}

}  // namespace vlpt::prompt
