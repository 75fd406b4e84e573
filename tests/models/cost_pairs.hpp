#pragma once
#include "models/check_cost.hpp"
#include "policies/every_skip.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/ladder.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"
#include "vlpt/policies/prompt/per_task.hpp"
#include "vlpt/policies/prompt/projected.hpp"
#include "vlpt/policies/prompt/shallow.hpp"
#include "vlpt/policies/prompt/shared.hpp"

namespace vlpt::test {

/// The four families, in the order in which skip policies are dealt to them.
enum class Family { vision, dual, single_stream, two_stream };

/// Skip policy number N, counted round, for a model of so many layers.
template <std::size_t N>
[[nodiscard]] auto skip_number(Index layers) {
  if constexpr (N % 4 == 0)
    return skip::Dense{};
  else if constexpr (N % 4 == 1)
    return TypedSkip{};
  else if constexpr (N % 4 == 2)
    return planned(layers);
  else
    return SearchedSkip{};
}

/// f(policy, skip) for every prompt policy that every family has. Compiling is what a product of
/// policies, skips and families costs, so each family gives a policy one skip policy: the four of
/// them together have every pair of a policy and a skip, and each has all policies and all skips.
template <Family Of, class F>
void each_policy(Index layers, F const& f) {
  constexpr auto first = static_cast<std::size_t>(Of);
  constexpr bool meter = Of == Family::two_stream;
  f(prompt::None{}, skip_number<first>(layers));
  f(prompt::Shallow<2>{}, skip_number<first + 1>(layers));
  f(prompt::Deep<2>{}, skip_number<first + 2>(layers));
  f(prompt::Approximated<3, 2, Rectified, !meter>{}, skip_number<first + 3>(layers));
  f(prompt::Gated<2>{}, skip_number<first>(layers));
  f(prompt::Lora<2>{}, skip_number<first + 1>(layers));
  f(prompt::Adapter<2>{}, skip_number<first + 2>(layers));
  f(prompt::ParallelAdapter<2, meter>{}, skip_number<first + 3>(layers));
  f(prompt::Projected<prompt::Deep<2>>{.width = 4}, skip_number<first>(layers));
  f(prompt::Shared<prompt::Deep<2>>{}, skip_number<first + 1>(layers));
  f(prompt::Both<prompt::Shallow<2>, prompt::Lora<2>>{}, skip_number<first + 2>(layers));
  prompt::PerTask<prompt::Deep<>> tasks{{{"pets", 2, {{2}}}, {"food", 1, {{3}}}}};
  f(tasks, skip_number<first + 3>(layers));
}
/// f(policy, skip) for every skip policy, of a prompt policy that not every family has.
template <class Policy, class F>
void each_skip(Index layers, Policy const& policy, F const& f) {
  f(policy, skip::Dense{});
  every_skip(layers, [&](auto const& skip) { f(policy, skip); });
}

/// A policy whose rows, if they can be, are dropped out, so that they are projected for each
/// sample.
template <class Policy>
[[nodiscard]] Policy with_dropout(Policy policy, double rate) {
  if constexpr (requires { policy.dropout; }) policy.dropout = rate;
  if constexpr (requires { policy.tasks[0].prompt.dropout; })
    for (auto& task : policy.tasks) task.prompt.dropout = rate;
  return policy;
}

}  // namespace vlpt::test
