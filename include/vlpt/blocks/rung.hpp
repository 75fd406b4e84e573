#pragma once
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/encoder_block.hpp"
#include "vlpt/ops/detach.hpp"

namespace vlpt {

/// Stands for a policy in blocks that nothing prompts.
struct Unprompted {
  static constexpr std::string_view name = "unprompted";
  static constexpr Site sites = Site::none;
};

/// One step of a side network (Site::side): s := block(s + down(x)), where x is what a layer gives;
/// no gradient passes from down to x. The block is narrower than the layer, and all of it learns.
template <class Act>
struct Rung {
  using Down = Trainable<Chain<Stage<"detach", Detach>, Stage<"linear", Linear>>>;
  using Block = EncoderBlock<Act, Unprompted>;
  Down down;
  Block block;
  Index dim = 0;       // of the side network
  bool stands = true;  // not beside a layer that a skip policy leaves out

  constexpr Rung() = default;
  /// Beside a layer with these facts, `factor` times narrower, with as many heads.
  constexpr Rung(LayerFacts at, Index factor, double dropout)
      : down{Chain{stage<"detach">(Detach{}),
                   stage<"linear">(Linear{.in = at.dim, .out = at.dim / factor})}},
        block(narrowed(at, factor), {}, dropout),
        dim(at.dim / factor) {}

 private:
  static constexpr LayerFacts narrowed(LayerFacts at, Index factor) {
    if (at.dim % (factor * at.heads) != 0)
      throw InputError(text("a side network ", factor, " times narrower than ", at.dim,
                            " does not divide into ", at.heads, " heads"));
    at.dim /= factor, at.hidden /= factor;
    return at;
  }
};

}  // namespace vlpt
