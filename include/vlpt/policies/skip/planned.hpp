#pragma once
#include "vlpt/policies/skip/skipping.hpp"

namespace vlpt::skip {

/// DAS deployed, the plan read at run time: the same numbers as AdapterSkip with the same layers.
template <Index Beside, Index Shortcut>
struct Planned : Skipping<Beside, Shortcut, false> {
  static constexpr std::string_view name = "adapter_skip";  // AdapterSkip's: a delta fits both
  SkipPlan plan{};

  template <class V>
  constexpr void settings(V&& v) const {
    Skipping<Beside, Shortcut, false>::settings(v);
    v("plan", plan);
  }
  [[nodiscard]] constexpr bool runs(Index layer) const { return !plan.skips(layer); }
  constexpr void check(Index depth) const {
    if (plan.size() > 0 && plan.depth() != depth)
      throw InputError(text("a skip plan for ", plan.depth(), " layers does not fit a model of ",
                            depth, " layers"));
  }
  template <class Block>
  [[nodiscard]] constexpr auto layer(Block block, LayerFacts const& at) const {
    return this->detour(block, at, !runs(at.layer));
  }
};

}  // namespace vlpt::skip
