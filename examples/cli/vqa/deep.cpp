#include "vlpt/policies/prompt/deep.hpp"

#include "answerer_of.hpp"

namespace vlpt::cli {

QuestionPolicy const vqa::deep = question_policy_of<[](PolicyChoice const& c) {
  return prompt::Deep<>{{c.prompts}, c.dropout};
}>({.name = "deep",
    .label = "deep prompts",
    .meaning = "prompt rows at every layer (VPT-deep)",
    .has_prompts = true,
    .has_dropout = true,
    .epochs = 30,
    .learning_rate = 3e-3,
    .weight_decay = 0.01});

}  // namespace vlpt::cli
