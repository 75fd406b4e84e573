#include "classifier_of.hpp"
#include "vlpt/policies/prompt/gated.hpp"

namespace vlpt::cli {

Policy const dual_gated = dual_policy_of<[](PolicyChoice const& c) {
  return prompt::Gated<>{{c.prompts}, c.dropout};
}>({.name = "gated",
    .label = "gated prompts",
    .meaning = "shallow prompts with gates and temperatures (GaPT)",
    .has_prompts = true,
    .has_dropout = true,
    .epochs = 40,
    .learning_rate = 3e-2,
    .weight_decay = 0.01});

}  // namespace vlpt::cli
