#include "vlpt/policies/prompt/deep.hpp"
#include "classifier_of.hpp"

namespace vlpt::cli {

Policy const deep = policy_of<[](PolicyChoice const& c) {
  return prompt::Deep<>{{c.prompts}, c.dropout};
}>({.name = "deep",
    .label = "deep prompts",
    .meaning = "prompt rows at every layer (VPT-deep)",
    .has_prompts = true,
    .has_dropout = true,
    .epochs = 30,
    .learning_rate = 1e-2,
    .weight_decay = 1});

}  // namespace vlpt::cli
