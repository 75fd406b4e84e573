#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/blocks/rung.hpp"
#include "vlpt/ops/gelu.hpp"

namespace vlpt::prompt {

/// Ladder side tuning: a network `Narrowing` times narrower runs beside the layers and reads what
/// each gives, with stopped gradients: s := block(s + down(x_l)); the stack's result is up(s). No
/// reverse enters the backbone. Sung et al., arXiv 2206.06522, as a baseline of APT's code.
template <Index Narrowing = 4, class Act = Gelu>
struct Ladder {
  static_assert(Narrowing > 0, "a ladder must be at least 1 times narrower than its backbone");
  static constexpr std::string_view name = "ladder";
  static constexpr Site sites = Site::side;
  double dropout = 0;  // of the side network's branches; 0.1 in the published code

  [[nodiscard]] constexpr Rung<Act> side(LayerFacts const& f) const {
    return {f, Narrowing, dropout};
  }
};

}  // namespace vlpt::prompt
