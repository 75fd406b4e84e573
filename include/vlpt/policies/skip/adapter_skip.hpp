#pragma once
#include "vlpt/policies/skip/skipping.hpp"

namespace vlpt::skip {

/// Whether no number stands twice in a list.
template <Index... Layers>
inline constexpr bool distinct = true;
template <Index First, Index... Rest>
inline constexpr bool distinct<First, Rest...> = ((First != Rest) && ...) && distinct<Rest...>;

/// DAS deployed, the plan in the type: the named layers are skipped over a short-cut of width
/// Shortcut, the others have adapters of width Beside. A skipped layer's weights are neither
/// allocated nor loaded, and it holds no prompts. Wu et al., arXiv 2309.01479.
template <Index Beside, Index Shortcut, Index... Layers>
struct AdapterSkip : Skipping<Beside, Shortcut, false> {
  static_assert(((Layers >= 0) && ...), "AdapterSkip: layers are counted from 0");
  static_assert(distinct<Layers...>, "AdapterSkip: the same layer is named twice");
  static constexpr std::string_view name = "adapter_skip";
  /// Whether a model of this depth has all the layers that are named.
  static constexpr bool fits(Index depth) { return ((Layers < depth) && ...); }
  template <class V>
  constexpr void settings(V&& v) const {
    Skipping<Beside, Shortcut, false>::settings(v);
    v("plan", SkipPlan(SkipPlan::max_depth, {Layers...}));
  }

  [[nodiscard]] constexpr bool runs(Index layer) const { return ((layer != Layers) && ...); }
  constexpr void check(Index depth) const { (void)SkipPlan(depth, {Layers...}); }
  template <class Block>
  [[nodiscard]] constexpr auto layer(Block block, LayerFacts const& at) const {
    return this->detour(block, at, !runs(at.layer));
  }
};

}  // namespace vlpt::skip
