#include "vlpt/policies/prompt/approximated.hpp"

#include "answerer_of.hpp"

namespace vlpt::cli {

QuestionPolicy const vqa::approximated = question_policy_of<[](PolicyChoice const& c) {
  return prompt::Approximated<dynamic, dynamic>{{c.prompts}, {c.rank}};
}>({.name = "approximated",
    .label = "approximated prompts",
    .meaning = "prompts beside every attention, without its softmax (APT)",
    .has_prompts = true,
    .has_rank = true,
    .epochs = 30,
    .learning_rate = 3e-3,
    .weight_decay = 0.01});

}  // namespace vlpt::cli
