#pragma once
#include "../classifier.hpp"
#include "vlpt/core/cost.hpp"

namespace vlpt::cli {

/// What a classifier of these settings costs for one image, head included: what vlpt executes.
[[nodiscard]] Cost classifier_cost(io::ModelFolder const& folder,
                                   ClassifierSettings const& settings);

}  // namespace vlpt::cli
