#pragma once
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/core/square_root.hpp"
#include "vlpt/ops/linear.hpp"
#include "vlpt/ops/relu.hpp"
#include "vlpt/policies/prompt/context.hpp"

namespace vlpt::prompt {

/// CoCoOp: a context to whose rows each image adds up(relu(down(f / |f|))), f its features; every
/// image therefore needs a pass of all texts. Zhou et al., arXiv 2203.05557.
template <Index M = dynamic, ContextPlace Place = ContextPlace::end>
struct Conditional : Context<M, Place> {
  static constexpr std::string_view name = "conditional";
  static constexpr Site sites = Site::text_context | Site::text_shift;

  [[nodiscard]] constexpr auto text_shift(LayerFacts const& text, Index features) const {
    Index const inner = features < 16 ? 1 : features / 16;
    return Trainable{Chain{stage<"down">(linear(features, inner)), stage<"relu">(Relu{}),
                           stage<"up">(linear(inner, text.dim))}};
  }

 private:
  [[nodiscard]] static constexpr Linear linear(Index in, Index out) {
    auto const init = Init::uniform(in > 0 ? 1 / square_root(static_cast<double>(in)) : 0);
    return {.in = in, .out = out, .weight_init = init, .bias_init = init};
  }
};

}  // namespace vlpt::prompt
