#include "classifier_of.hpp"
#include "vlpt/policies/prompt/context.hpp"

namespace vlpt::cli {

Policy const dual_context = dual_policy_of<[](PolicyChoice const& c) {
  return prompt::Context<>{{c.prompts, c.place, c.class_specific}};
}>({.name = "context",
    .label = "CoOp",
    .meaning = "a context in the texts of the classes (CoOp)",
    .has_prompts = true,
    .epochs = 80,
    .learning_rate = 1e-2,
    .weight_decay = 0.01,
    .counted_as = "context"});

}  // namespace vlpt::cli
