#include "vlpt/policies/prompt/adapter.hpp"
#include "classifier_of.hpp"

namespace vlpt::cli {

Policy const adapter =
    policy_of<[](PolicyChoice const& c) { return prompt::Adapter<dynamic>{{c.width}}; }>(
        {.name = "adapter",
         .label = "adapters",
         .meaning = "a bottleneck behind every attention and MLP",
         .has_width = true,
         .epochs = 30,
         .learning_rate = 1e-3,
         .weight_decay = 1});

}  // namespace vlpt::cli
