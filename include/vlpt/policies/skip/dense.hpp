#pragma once
#include "vlpt/blocks/skip_policy.hpp"

namespace vlpt::skip {

/// Every layer runs.
struct Dense {
  static constexpr std::string_view name = "dense";
  template <class Block>
  using Layer = Block;
  template <class Block>
  [[nodiscard]] constexpr Block layer(Block block, LayerFacts const&) const {
    return block;
  }
  template <class Prompt>
  using With = Prompt;
  template <class Prompt>
  [[nodiscard]] constexpr Prompt with(Prompt prompt) const {
    return prompt;
  }
  [[nodiscard]] constexpr bool runs(Index) const { return true; }
  constexpr void check(Index) const {}
};

}  // namespace vlpt::skip
