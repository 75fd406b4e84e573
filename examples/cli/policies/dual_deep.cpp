#include "classifier_of.hpp"
#include "vlpt/policies/prompt/deep.hpp"

namespace vlpt::cli {

Policy const dual_deep = dual_policy_of<[](PolicyChoice const& c) {
  return prompt::Deep<>{{c.prompts}, c.dropout};
}>({.name = "deep",
    .label = "deep prompts",
    .meaning = "prompt rows at every image layer (VPT-deep)",
    .has_prompts = true,
    .has_dropout = true,
    .epochs = 80,
    .learning_rate = 1e-2,
    .weight_decay = 0.01});

}  // namespace vlpt::cli
