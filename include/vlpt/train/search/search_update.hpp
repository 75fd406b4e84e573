#pragma once
#include <vector>

#include "vlpt/core/skip_plan.hpp"

namespace vlpt {

/// What an update of a search compared: subsets of modules and the reward of skipping each.
struct SearchUpdate {
  std::vector<SkipPlan> subsets{};
  std::vector<double> rewards{};  // exp(-loss)
  double baseline = 0;            // their mean
};

}  // namespace vlpt
