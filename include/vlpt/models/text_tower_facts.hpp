#pragma once
#include "vlpt/blocks/layer_facts.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/ops/any_gelu.hpp"

namespace vlpt {

/// The sizes of CLIP's text tower. The width of its features is that of the image tower's.
struct TextTowerFacts {
  static constexpr Index largest = -1;
  Index vocabulary = 0;
  Index tokens = 0;  // the longest text
  Index dim = 0;
  Index depth = 0;
  Index heads = 1;
  Index hidden = 0;
  double eps = 1e-5;
  Index end = largest;  // the word that a text is read at, where first found: the largest or this
  GeluKind gelu = GeluKind::exact;  // of every MLP

  constexpr bool operator==(TextTowerFacts const&) const = default;
  /// What a policy is told at a layer of it.
  [[nodiscard]] constexpr LayerFacts at(Index layer) const {
    return {.dim = dim,
            .heads = heads,
            .hidden = hidden,
            .eps = eps,
            .causal = true,
            .depth = depth,
            .layer = layer,
            .running = depth,
            .modality = Modality::text,
            .gelu = gelu};
  }
  /// Throws InputError that names the field in the way.
  constexpr void check() const {
    if (dim <= 0 || heads <= 0 || dim % heads != 0)
      throw InputError(
          text("a text tower of width ", dim, " does not divide into ", heads, " heads"));
    if (vocabulary <= 1 || tokens <= 0 || depth <= 0 || hidden <= 0)
      throw InputError(text("a text tower needs a vocabulary, positions, layers and an MLP: got ",
                            vocabulary, ", ", tokens, ", ", depth, " and ", hidden));
  }
};

/// The facts of an architecture that has a text tower; else none.
template <class A>
[[nodiscard]] constexpr TextTowerFacts text_facts_of() {
  if constexpr (requires { typename A::Text; }) {
    using Text = typename A::Text;
    static_assert(Text::dim % Text::heads == 0, "heads must divide dim");
    return {.vocabulary = Text::vocabulary,
            .tokens = Text::tokens,
            .dim = Text::dim,
            .depth = Text::depth,
            .heads = Text::heads,
            .hidden = Text::hidden,
            .eps = A::eps,
            .gelu = gelu_kind_of<typename A::Activation>};
  } else {
    return {};
  }
}

/// The layers of an architecture's two towers together; 0: known at run time only.
template <class A>
inline constexpr Index depth_of_towers = [] {
  if constexpr (requires { A::Text::depth; })
    return A::depth + A::Text::depth;
  else
    return Index{0};
}();

}  // namespace vlpt
