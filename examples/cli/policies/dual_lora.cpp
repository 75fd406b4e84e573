#include "classifier_of.hpp"
#include "vlpt/policies/prompt/lora.hpp"

namespace vlpt::cli {

Policy const dual_lora =
    dual_policy_of<[](PolicyChoice const& c) { return prompt::Lora<dynamic>{{c.rank}}; }>(
        {.name = "lora",
         .label = "LoRA",
         .meaning = "low-rank corrections of the projections",
         .has_rank = true,
         .epochs = 40,
         .learning_rate = 3e-3,
         .weight_decay = 0.01});

}  // namespace vlpt::cli
