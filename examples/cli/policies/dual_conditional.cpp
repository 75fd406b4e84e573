#include "classifier_of.hpp"
#include "vlpt/policies/prompt/conditional.hpp"

namespace vlpt::cli {

Policy const dual_conditional = dual_policy_of<[](PolicyChoice const& c) {
  prompt::Conditional<> out;
  out.prompts = c.prompts, out.place = c.place;
  return out;
}>({.name = "conditional",
    .label = "CoCoOp",
    .meaning = "a context that each image shifts (CoCoOp)",
    .has_prompts = true,
    .epochs = 40,
    .learning_rate = 1e-2,
    .weight_decay = 0.01,
    .counted_as = "context"});

}  // namespace vlpt::cli
