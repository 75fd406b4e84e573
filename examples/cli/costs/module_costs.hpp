#pragma once
#include "counted.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/ladder.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"

namespace vlpt::cli {

/// Policies that stand beside attentions, MLPs or layers.
template <class Family>
[[nodiscard]] PolicyCosts<typename Family::Facts> module_costs() {
  constexpr auto approximated = [](CostChoice const& c) {
    using Apt = prompt::Approximated<dynamic, dynamic, Rectified, Family::learns_scale>;
    return Apt{{c.prompts}, {c.rank}};
  };
  constexpr auto lora = [](CostChoice const& c) { return prompt::Lora<dynamic>{{c.rank}}; };
  constexpr auto adapter = [](CostChoice const& c) { return prompt::Adapter<dynamic>{{c.width}}; };
  constexpr auto parallel = [](CostChoice const& c) {
    return prompt::ParallelAdapter<dynamic, Family::adapts_after_norm>{{c.width}};
  };
  PolicyCosts<typename Family::Facts> out{{"approximated", counted<Family, approximated>},
                                          {"lora", counted<Family, lora>},
                                          {"adapter", counted<Family, adapter>},
                                          {"parallel-adapter", counted<Family, parallel>}};
  if constexpr (Family::one_stream)
    out.push_back(
        {"ladder", counted<Family, [](CostChoice const&) { return prompt::Ladder<>{}; }>});
  return out;
}

}  // namespace vlpt::cli
