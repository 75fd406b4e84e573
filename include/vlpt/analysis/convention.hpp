#pragma once
#include <array>
#include <string_view>

#include "vlpt/core/cost.hpp"

namespace vlpt {

/// How work is turned into one figure. Two tables of one method can differ in nothing else.
struct Convention {
  std::string_view name;
  std::string_view meaning;
  bool all_rows = false;  // every row at every layer, and prompts projected for every sample
  Index norm_weight = 0;  // what an element of a layer norm counts

  [[nodiscard]] constexpr Index operator()(Work const& work) const {
    return work.macs() + norm_weight * work.norm_elements;
  }
};

namespace convention {

/// What vlpt executes: multiply-accumulates of products and attention.
inline constexpr Convention exact{"exact", "what vlpt executes", false, 0};
/// What the published implementations execute.
inline constexpr Convention naive{"naive", "every row, prompts for every sample, as published code",
                                  true, 0};
/// What the papers report: a multiply-accumulate is one, a layer norm five an element; softmax,
/// bias and activation nothing.
inline constexpr Convention fvcore{"fvcore", "naive, and 5 an element of a layer norm (papers)",
                                   true, 5};
inline constexpr std::array all{exact, naive, fvcore};

}  // namespace convention

}  // namespace vlpt
