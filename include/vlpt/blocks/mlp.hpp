#pragma once
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/ops/linear.hpp"

namespace vlpt {

/// fc2(activation(fc1(x))): the feed-forward network of a transformer block.
template <class Act>
using Mlp = Chain<Stage<"fc1", Linear>, Stage<"act", Act>, Stage<"fc2", Linear>>;

template <class Act>
[[nodiscard]] constexpr Mlp<Act> mlp(Index dim, Index hidden) {
  return Mlp<Act>{stage<"fc1">(Linear{.in = dim, .out = hidden}), stage<"act">(Act{}),
                  stage<"fc2">(Linear{.in = hidden, .out = dim})};
}

}  // namespace vlpt
