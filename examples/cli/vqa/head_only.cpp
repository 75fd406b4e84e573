#include "answerer_of.hpp"

namespace vlpt::cli {

QuestionPolicy const vqa::head_only =
    question_policy_of<[](PolicyChoice const&) { return prompt::None{}; }>(
        {.name = "none",
         .label = "pooler and head",
         .meaning =
             "the pooler, the table of modalities and a head, as every policy of ViLT tunes them",
         .epochs = 30,
         .learning_rate = 3e-3,
         .weight_decay = 0.01});

}  // namespace vlpt::cli
