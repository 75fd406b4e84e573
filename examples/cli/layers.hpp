#pragma once
#include <string>

#include "vlpt/core/skip_plan.hpp"

namespace vlpt::cli {

/// Layers to skip as a delta has them, sorted; InputError for one past the depth or named twice.
[[nodiscard]] inline std::string checked_layers(std::string const& layers, Index depth) {
  return layers.empty() ? layers : text(SkipPlan::parse(depth, layers));
}

}  // namespace vlpt::cli
