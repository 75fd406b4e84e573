#pragma once
#include <string_view>
#include <vector>

#include "arch_facts.hpp"
#include "cost_choice.hpp"
#include "vlpt/analysis/convention.hpp"

namespace vlpt::cli {

/// What models of a family cost under one policy, by its name on the command line.
template <class Facts>
struct PolicyCost {
  std::string_view prompt;
  Cost (*cost)(Facts const&, CostChoice const&, Convention const&);
};
template <class Facts>
using PolicyCosts = std::vector<PolicyCost<Facts>>;

// Every model that is counted is a type of its own: these tables are compiled a family and a kind
// of policy at a time, each in the file of its name.
[[nodiscard]] PolicyCosts<VisionFacts> vision_rows(), vision_modules();
[[nodiscard]] PolicyCosts<DualFacts> dual_rows(), dual_modules(), dual_texts();
[[nodiscard]] PolicyCosts<SingleStreamFacts> single_stream_rows(), single_stream_modules();
[[nodiscard]] PolicyCosts<TwoStreamFacts> two_stream_rows(), two_stream_modules();

}  // namespace vlpt::cli
