#include "classifier_of.hpp"
#include "vlpt/policies/prompt/approximated.hpp"

namespace vlpt::cli {

Policy const dual_approximated = dual_policy_of<[](PolicyChoice const& c) {
  return prompt::Approximated<dynamic, dynamic>{{c.prompts}, {c.rank}};
}>({.name = "approximated",
    .label = "approximated prompts",
    .meaning = "prompts beside every attention, without its softmax (APT)",
    .has_prompts = true,
    .has_rank = true,
    .epochs = 80,
    .learning_rate = 3e-3,
    .weight_decay = 0.01});

}  // namespace vlpt::cli
