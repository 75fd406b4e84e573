#pragma once
#include "vlpt/policies/skip/skipping.hpp"

namespace vlpt::skip {

/// DAS while it searches: every layer has its block, its adapters and its short-cut, and the plan
/// of a run (Net::skip) says which layers take which. See train/search for who chooses.
template <Index Beside, Index Shortcut>
struct Searched : Skipping<Beside, Shortcut, true> {
  static constexpr std::string_view name = "searched";

  [[nodiscard]] constexpr bool runs(Index) const { return true; }
  constexpr void check(Index) const {}
  template <class Block>
  [[nodiscard]] constexpr auto layer(Block block, LayerFacts const& at) const {
    return this->detour(block, at, false);
  }
};

}  // namespace vlpt::skip
