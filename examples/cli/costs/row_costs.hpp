#pragma once
#include "counted.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

namespace vlpt::cli {

/// Policies that are nothing or rows. The head aside, nothing learns under `none`, which is then
/// the classifier alone. Rows that all tasks share cost what rows of one task cost.
template <class Family>
[[nodiscard]] PolicyCosts<typename Family::Facts> row_costs() {
  constexpr auto none = [](CostChoice const&) { return prompt::None{}; };
  constexpr auto deep = [](CostChoice const& c) { return prompt::Deep<>{{c.prompts}}; };
  constexpr auto shallow = [](CostChoice const& c) { return prompt::Shallow<>{{c.prompts}}; };
  constexpr auto gated = [](CostChoice const& c) { return prompt::Gated<>{{c.prompts}}; };
  return {{"none", counted<Family, none>},
          {"classifier", counted<Family, none>},
          {"shallow", counted<Family, shallow>},
          {"deep", counted<Family, deep>},
          {"shared", counted<Family, deep>},
          {"gated", counted<Family, gated>},
          {"full", counted<Family, none, learn::All>}};
}

}  // namespace vlpt::cli
