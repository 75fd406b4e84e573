#pragma once
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/blocks/layer_facts.hpp"
#include "vlpt/ops/linear.hpp"

namespace vlpt {

/// fc2(activation(fc1(x))): the feed-forward network of a transformer block.
template <class Act>
using Mlp = Chain<Stage<"fc1", Linear>, Stage<"act", Act>, Stage<"fc2", Linear>>;

/// An activation of several kinds (AnyGelu) is of the one that the facts say.
template <class Act>
[[nodiscard]] constexpr Mlp<Act> mlp(LayerFacts const& at) {
  Act act{};
  if constexpr (requires { act.kind = at.gelu; }) act.kind = at.gelu;
  return Mlp<Act>{stage<"fc1">(Linear{.in = at.dim, .out = at.hidden}), stage<"act">(act),
                  stage<"fc2">(Linear{.in = at.hidden, .out = at.dim})};
}

}  // namespace vlpt
