#pragma once
#include "policy_cost.hpp"
#include "vlpt/analysis/cost_under.hpp"
#include "vlpt/policies/skip/dense.hpp"
#include "vlpt/policies/skip/planned.hpp"

namespace vlpt::cli {

/// The cost of Family's model with the prompt policy that `Make` makes of a CostChoice.
template <class Family, auto Make, class Learn = learn::Policy>
[[nodiscard]] Cost counted(typename Family::Facts const& facts, CostChoice const& choice,
                           Convention const& convention) {
  auto const with = [&]<class Skip>(Skip const& skip) {
    using Model = typename Family::template Model<decltype(Make(choice)), Skip, Learn>;
    typename Model::Settings settings{};
    settings.prompt = Make(choice);
    settings.skip = skip;
    Family::set(settings, facts, choice);
    return cost_under<Model>(convention, settings, choice.batch);
  };
  if (!choice.plan) return with(skip::Dense{});
  skip::Planned<dynamic, dynamic> planned;
  planned.beside.width = choice.beside, planned.shortcut.width = choice.shortcut;
  planned.plan = *choice.plan;
  return with(planned);
}

}  // namespace vlpt::cli
