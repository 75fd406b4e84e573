#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/policies/prompt/count.hpp"
#include "vlpt/policies/prompt/diffusion.hpp"
#include "vlpt/policies/prompt/rank.hpp"

namespace vlpt::prompt {

/// Approximated prompt tuning: P prompts at every attention without their queries, projections and
/// softmax, keys tied to values by a correction of rank R. Psi: Rectified (the released code) or
/// Normalised (softmax). LearnScale: false for METER, whose code leaves s at 0.
/// Wu et al., arXiv 2306.15706.
template <Index P = dynamic, Index R = 4, class Psi = Rectified, bool LearnScale = true>
struct Approximated : Count<P>, Rank<R> {
  static_assert(R > 0 || R == dynamic, "APT's rank must be at least one");
  static constexpr std::string_view name = "approximated";
  static constexpr Site sites = Site::attention_out;
  /// The laws that the released code declares, N(0, 1) and 0, and then overwrites.
  bool declared_init = false;

  template <class V>
  constexpr void settings(V&& v) const {
    Count<P>::settings(v);
    v("rank", this->rank);
    v("activation", Psi::name);
    v("learns_scale", LearnScale);
  }
  [[nodiscard]] constexpr Diffusion<Psi, LearnScale> attention_out(LayerFacts const& f) const {
    Diffusion<Psi, LearnScale> d{.dim = f.dim, .prompts = count_of(*this), .rank = rank_of(*this)};
    if (declared_init) d.low_rank_init = Init::normal(1), d.up_init = Init::zero();
    return d;
  }
};

}  // namespace vlpt::prompt
