#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/policies/prompt/bottleneck.hpp"
#include "vlpt/policies/prompt/width.hpp"

namespace vlpt::prompt {

/// Scaled parallel adapters beside every attention, reading what it reads:
/// o := o + scale * up(relu(down(norm(x)))), before the residual sum (ViLT) or, AfterNorm, on what
/// the sum and, in a post-norm block, its norm give (METER). He et al., arXiv 2110.04366; a
/// baseline of APT's tables.
template <Index W = 96, bool AfterNorm = false>
struct ParallelAdapter : Width<W> {
  static_assert(W > 0 || W == dynamic, "an adapter needs a width of at least one");
  static constexpr std::string_view name = "parallel-adapter";
  static constexpr Site sites = AfterNorm ? Site::attention_normed : Site::attention_out;
  double scale = 4;
  Init init = Init::normal(0.02);

  template <class V>
  constexpr void settings(V&& v) const {
    v("width", this->width);
    v("scale", scale);
  }
  [[nodiscard]] constexpr auto attention_out(LayerFacts const& f) const {
    return BesideBranch{Trainable{normed_bottleneck(f.dim, width_of(*this), scale, init)}};
  }
  [[nodiscard]] constexpr auto attention_normed(LayerFacts const& f) const {
    return attention_out(f);
  }
};

}  // namespace vlpt::prompt
