#include "vlpt/policies/skip/planned.hpp"

#include "answerer_of.hpp"

namespace vlpt::cli {

QuestionPolicy const vqa::das =
    question_policy_of<[](PolicyChoice const&) { return prompt::None{}; },
                       [](PolicyChoice const& c, Index depth) {
                         skip::Planned<dynamic, dynamic> out;
                         out.beside.width = c.width, out.shortcut.width = c.shortcut;
                         out.plan = SkipPlan::parse(depth, c.skip);
                         return out;
                       }>({.name = "das",
                           .label = "DAS, skipped layers",
                           .meaning = "layers left out, adapters in their place and beside the "
                                      "others (DAS)",
                           .has_width = true,
                           .has_skip = true,
                           .epochs = 30,
                           .learning_rate = 3e-3,
                           .weight_decay = 0.01});

}  // namespace vlpt::cli
