#pragma once
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/autodiff/residual.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/ops/layer_norm.hpp"
#include "vlpt/ops/linear.hpp"
#include "vlpt/ops/relu.hpp"
#include "vlpt/ops/scale.hpp"

namespace vlpt::prompt {

/// up(relu(down(x))), dim -> width -> dim: the adapter of Houlsby et al., with its sum
/// (Residual) or without.
[[nodiscard]] constexpr auto bottleneck(Index dim, Index width, Init init) {
  return Chain{stage<"down">(Linear{.in = dim, .out = width, .weight_init = init}),
               stage<"relu">(Relu{}),
               stage<"up">(Linear{.in = width, .out = dim, .weight_init = init})};
}

/// scale * up(relu(down(norm(x)))) with a layer norm of its own, eps 1e-5: the parallel adapter of
/// He et al. (arXiv 2110.04366) as APT's and DAS's code have it.
[[nodiscard]] constexpr auto normed_bottleneck(Index dim, Index width, double scale, Init init) {
  return Chain{stage<"norm">(LayerNorm{.dim = dim, .eps = 1e-5}),
               stage<"down">(Linear{.in = dim, .out = width, .weight_init = init}),
               stage<"relu">(Relu{}),
               stage<"up">(Linear{.in = width, .out = dim, .weight_init = init}),
               stage<"scale">(Scale{.factor = scale})};
}

}  // namespace vlpt::prompt
