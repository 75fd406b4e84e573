#pragma once
#include "vlpt/core/index.hpp"

namespace vlpt {

/// What observers are told before an optimizer step: which one it will be. Both counts start at 0.
struct StepPlace {
  Index step = 0;
  Index epoch = 0;
};

/// What observers are told after every optimizer step; both counts start at 0.
struct StepSummary {
  Index step = 0;
  Index epoch = 0;
  double loss = 0;
  double learning_rate = 0;
  double gradient_norm = 0;  ///< before clipping
};

}  // namespace vlpt
