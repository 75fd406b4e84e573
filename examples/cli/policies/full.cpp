#include "classifier_of.hpp"
#include "vlpt/policies/prompt/none.hpp"

namespace vlpt::cli {

Policy const full = policy_of<[](PolicyChoice const&) { return prompt::None{}; }, learn::All>(
    {.name = "full",
     .label = "full tuning",
     .meaning = "every weight learns",
     .epochs = 20,
     .learning_rate = 3e-4,
     .weight_decay = 0.05});

}  // namespace vlpt::cli
