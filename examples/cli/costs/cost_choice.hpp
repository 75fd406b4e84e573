#pragma once
#include <optional>
#include <string>

#include "vlpt/core/skip_plan.hpp"

namespace vlpt::cli {

/// What is to be costed, its architecture aside. Sizes that a policy does not have are not read.
struct CostChoice {
  std::string prompt = "none";
  std::string variant{};  // of the policy, where the family has more than one
  Index prompts = 8;
  Index rank = 4;
  Index width = 96;                // of a policy's adapters
  std::optional<SkipPlan> plan{};  // none: every layer runs, and none has DAS's adapters
  Index beside = 96;               // width of DAS's adapters in the layers that run
  Index shortcut = 192;            // and of those in place of the others
  Index text = 0;                  // rows of a text
  Index image = 0;                 // of an image, class row included
  Index classes = 1;               // of a dual encoder
  Index head = 0;                  // classes of a linear head
  Index batch = 1;
};

}  // namespace vlpt::cli
