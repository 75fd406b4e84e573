#include "classifier_of.hpp"
#include "vlpt/policies/prompt/unified.hpp"

namespace vlpt::cli {

Policy const dual_unified = dual_policy_of<[](PolicyChoice const& c) {
  return prompt::Unified<prompt::Context<>, prompt::Deep<>>{
      {{c.prompts, c.place, c.class_specific}}, {{c.prompts}}};
}>({.name = "unified",
    .label = "UPT",
    .meaning = "a context and prompts of all image layers out of one small transformer (UPT)",
    .has_prompts = true,
    .epochs = 40,
    .learning_rate = 1e-2,
    .weight_decay = 0.01});

}  // namespace vlpt::cli
