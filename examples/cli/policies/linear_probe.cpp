#include "classifier_of.hpp"
#include "vlpt/policies/prompt/none.hpp"

namespace vlpt::cli {

Policy const linear_probe = policy_of<[](PolicyChoice const&) { return prompt::None{}; }>(
    {.name = "none",
     .label = "linear probe",
     .meaning = "a head on frozen features",
     .epochs = 100,
     .learning_rate = 1e-2,
     .weight_decay = 1});

}  // namespace vlpt::cli
