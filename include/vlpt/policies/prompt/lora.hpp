#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/policies/prompt/low_rank.hpp"

namespace vlpt::prompt {

/// LoRA on queries and values of every attention, as APT's baselines have it: factor 1, A ~ N(0,
/// 1), B = 0. Hu et al., arXiv 2106.09685.
template <Index Rank = 4>
struct Lora {
  static_assert(Rank > 0, "LoRA's rank must be at least one");
  static constexpr std::string_view name = "lora";
  static constexpr Site sites = Site::qkv;
  double dropout = 0;  // of what it reads; 0.1 in the published code

  [[nodiscard]] constexpr LowRank qkv(LayerFacts const& f) const {
    return LowRank(f.dim, Rank, dropout);
  }
};

}  // namespace vlpt::prompt
