#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// A run of the one contiguous span of learnt values, usually one tensor, with its own rates:
/// the optimizer multiplies its learning rate and its weight decay by the two scales.
/// Biases and norms have weight_decay_scale 0; a head may learn 10 or 50 times faster.
struct ParameterGroup {
  std::string name;
  Index offset = 0;
  Index count = 0;
  double learning_rate_scale = 1;
  double weight_decay_scale = 1;
};

/// The groups by ascending offset. Throws InputError, naming the group, unless they cover
/// [0, end of the last) without gap or overlap and their scales are finite and not negative.
[[nodiscard]] inline std::vector<ParameterGroup> in_order(std::vector<ParameterGroup> groups) {
  std::stable_sort(groups.begin(), groups.end(), [](auto const& a, auto const& b) {
    return std::pair(a.offset, a.count) < std::pair(b.offset, b.count);
  });
  Index end = 0;
  for (auto const& g : groups) {
    VLPT_CHECK(g.count >= 0, "parameter group '", g.name, "' has ", g.count, " values");
    VLPT_CHECK(g.offset == end, "parameter group '", g.name, "' starts at ", g.offset, ", but ",
               end, " values lie before it: groups must follow each other without ",
               g.offset > end ? "a gap" : "overlap");
    for (double scale : {g.learning_rate_scale, g.weight_decay_scale})
      VLPT_CHECK(std::isfinite(scale) && scale >= 0, "parameter group '", g.name,
                 "' has a scale of ", scale, "; expected a finite number, 0 or more");
    end += g.count;
  }
  return groups;
}

/// requires in_order(groups): how many values they cover.
[[nodiscard]] inline Index covered(std::vector<ParameterGroup> const& groups) {
  return groups.empty() ? 0 : groups.back().offset + groups.back().count;
}

}  // namespace vlpt
