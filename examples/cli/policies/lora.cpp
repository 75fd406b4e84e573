#include "vlpt/policies/prompt/lora.hpp"
#include "classifier_of.hpp"

namespace vlpt::cli {

Policy const lora =
    policy_of<[](PolicyChoice const& c) { return prompt::Lora<dynamic>{{c.rank}}; }>(
        {.name = "lora",
         .label = "LoRA",
         .meaning = "low-rank corrections of queries and values",
         .has_rank = true,
         .epochs = 30,
         .learning_rate = 1e-3,
         .weight_decay = 1});

}  // namespace vlpt::cli
