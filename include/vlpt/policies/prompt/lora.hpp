#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/policies/prompt/low_rank.hpp"
#include "vlpt/policies/prompt/rank.hpp"

namespace vlpt::prompt {

/// LoRA on queries and values of every attention, as APT's baselines have it: factor 1, A ~ N(0,
/// 1), B = 0. Hu et al., arXiv 2106.09685.
template <Index R = 4>
struct Lora : Rank<R> {
  static_assert(R > 0 || R == dynamic, "LoRA's rank must be at least one");
  static constexpr std::string_view name = "lora";
  static constexpr Site sites = Site::qkv;
  double dropout = 0;  // of what it reads; 0.1 in the published code

  template <class V>
  constexpr void settings(V&& v) const {
    v("rank", this->rank);
  }
  [[nodiscard]] constexpr LowRank qkv(LayerFacts const& f) const {
    return LowRank(f.dim, rank_of(*this), dropout);
  }
};

}  // namespace vlpt::prompt
