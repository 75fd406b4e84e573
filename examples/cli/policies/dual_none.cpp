#include "classifier_of.hpp"

namespace vlpt::cli {

Policy const dual_none = dual_policy_of<[](PolicyChoice const&) { return prompt::None{}; }>(
    {.name = "none", .label = "zero shot", .meaning = "the names of the classes alone"});

}  // namespace vlpt::cli
