#pragma once
#include "vlpt/policies/skip/adapter_skip.hpp"
#include "vlpt/policies/skip/planned.hpp"
#include "vlpt/policies/skip/searched.hpp"

namespace vlpt::test {

using TypedSkip = skip::AdapterSkip<2, 3, 1>;
using PlannedSkip = skip::Planned<2, 3>;
using SearchedSkip = skip::Searched<2, 3>;

/// A plan that leaves out the first and the last of so many layers.
[[nodiscard]] inline PlannedSkip planned(Index layers) {
  PlannedSkip skip{};
  skip.plan = SkipPlan(layers, {0, layers - 1});
  return skip;
}

/// f(skip) for every skip policy of DAS.
template <class F>
void every_skip(Index layers, F const& f) {
  f(TypedSkip{});
  f(planned(layers));
  f(SearchedSkip{});
}

}  // namespace vlpt::test
