#include "vlpt/policies/prompt/parallel_adapter.hpp"
#include "classifier_of.hpp"

namespace vlpt::cli {

Policy const parallel_adapter =
    policy_of<[](PolicyChoice const& c) { return prompt::ParallelAdapter<dynamic>{{c.width}}; }>(
        {.name = "parallel-adapter",
         .label = "parallel adapters",
         .meaning = "a scaled bottleneck beside every attention",
         .has_width = true,
         .epochs = 30,
         .learning_rate = 1e-3,
         .weight_decay = 1});

}  // namespace vlpt::cli
