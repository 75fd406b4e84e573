#pragma once
#include "vlpt/core/skip_plan.hpp"

namespace vlpt {

/// Throws InputError for a plan that leaves out layers of a model whose skip policy has all its
/// layers run, or has left them out itself: a policy that `searches` asks each run for its plan.
template <class Model>
void check_search(SkipPlan const& plan) {
  if constexpr (!requires { requires Model::SkipType::searches; })
    VLPT_CHECK(plan.size() == 0, "no run of this model can leave out layers ", plan,
               ": its skip policy is ", Model::SkipType::name, ", not skip::Searched");
}

}  // namespace vlpt
