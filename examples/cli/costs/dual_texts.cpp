#include "counted.hpp"
#include "dual_family.hpp"
#include "vlpt/policies/prompt/conditional.hpp"
#include "vlpt/policies/prompt/unified.hpp"

namespace vlpt::cli {

/// Policies that prompt the texts of the classes.
PolicyCosts<DualFacts> dual_texts() {
  constexpr auto context = [](CostChoice const& c) { return prompt::Context<>{{c.prompts}}; };
  constexpr auto conditional = [](CostChoice const& c) {
    prompt::Conditional<> out;
    out.prompts = c.prompts;
    return out;
  };
  constexpr auto unified = [](CostChoice const& c) {
    return prompt::Unified<prompt::Context<>, prompt::Deep<>>{{{c.prompts}}, {{c.prompts}}};
  };
  return {{"context", counted<DualFamily, context>},
          {"conditional", counted<DualFamily, conditional>},
          {"unified", counted<DualFamily, unified>}};
}

}  // namespace vlpt::cli
