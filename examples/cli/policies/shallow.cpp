#include "vlpt/policies/prompt/shallow.hpp"
#include "classifier_of.hpp"

namespace vlpt::cli {

Policy const shallow = policy_of<[](PolicyChoice const& c) {
  return prompt::Shallow<>{{c.prompts}, c.dropout};
}>({.name = "shallow",
    .label = "shallow prompts",
    .meaning = "prompt rows before the first layer (VPT-shallow)",
    .has_prompts = true,
    .has_dropout = true,
    .epochs = 30,
    .learning_rate = 1e-2,
    .weight_decay = 1});

}  // namespace vlpt::cli
