#pragma once
#include <string_view>
#include <vector>

#include "vlpt/train/parameter_group.hpp"

namespace vlpt {

/// The groups of a net's learnt span, a tensor each: biases, norms and class rows do not decay;
/// tensors whose name begins with `faster` learn `scale` times as fast (a head's multiplier).
template <class N>
[[nodiscard]] std::vector<ParameterGroup> groups_of(N const& net, std::string_view faster = {},
                                                    double scale = 1) {
  std::vector<ParameterGroup> groups;
  for (auto const& r : net.parameters())
    if (r.learns)
      groups.push_back(
          {.name = r.name,
           .offset = net.offset(r),
           .count = r.shape.size(),
           .learning_rate_scale = !faster.empty() && r.name.starts_with(faster) ? scale : 1,
           .weight_decay_scale = r.decays ? 1.0 : 0.0});
  return groups;
}

}  // namespace vlpt
