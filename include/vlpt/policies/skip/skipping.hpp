#pragma once
#include "vlpt/blocks/skip_policy.hpp"
#include "vlpt/core/skip_plan.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/skip/beside.hpp"
#include "vlpt/policies/skip/detour.hpp"

namespace vlpt::skip {

/// What DAS's policies share: adapters of width BesideWidth in the layers that run, and a short-cut
/// x + Ad(x) of width ShortcutWidth over those that do not. Searching, a layer has both. Either
/// width may be `dynamic`: then the value says it.
template <Index BesideWidth, Index ShortcutWidth, bool Searching>
struct Skipping {
  static_assert(ShortcutWidth > 0 || ShortcutWidth == dynamic,
                "DAS's short-cuts need a width of at least one");
  static constexpr bool searches = Searching;  // whether a run's plan says what is left out
  prompt::Width<BesideWidth> beside{};
  prompt::Width<ShortcutWidth> shortcut{};
  Init init = Init::normal(0.02);

  using Cut = Trainable<Residual<decltype(prompt::normed_bottleneck(1, 1, 1, Init::zero()))>>;
  template <class Prompt>
  using With = prompt::Both<Prompt, Beside<BesideWidth>>;
  template <class Prompt>
  [[nodiscard]] constexpr With<Prompt> with(Prompt prompt) const {
    return {prompt, {beside, init}};
  }
  template <class Block>
  using Layer = Detour<Block, Cut, Searching>;
  template <class V>
  constexpr void settings(V&& v) const {
    v("beside", beside.width);
    v("shortcut", shortcut.width);
  }

 protected:
  template <class Block>
  [[nodiscard]] constexpr Layer<Block> detour(Block block, LayerFacts const& at,
                                              bool skipped) const {
    return {block, Cut{{prompt::normed_bottleneck(at.dim, prompt::width_of(shortcut), 1, init)}},
            skipped};
  }
};

}  // namespace vlpt::skip
