#include "classifier_of.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/skip/planned.hpp"

namespace vlpt::cli {

Policy const das = policy_of<[](PolicyChoice const&) { return prompt::None{}; }, learn::Policy,
                             [](PolicyChoice const& c, Index depth) {
                               skip::Planned<dynamic, dynamic> out;
                               out.beside.width = c.width, out.shortcut.width = c.shortcut;
                               out.plan = SkipPlan::parse(depth, c.skip);
                               return out;
                             }>({.name = "das",
                                 .label = "DAS, skipped layers",
                                 .meaning = "layers left out, adapters in their place and beside "
                                            "the others (DAS)",
                                 .has_width = true,
                                 .has_skip = true,
                                 .epochs = 20,
                                 .learning_rate = 6e-3,
                                 .weight_decay = 1});

}  // namespace vlpt::cli
