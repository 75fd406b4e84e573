#pragma once
#include <concepts>
#include <string_view>

#include "vlpt/blocks/block.hpp"
#include "vlpt/blocks/layer_facts.hpp"

namespace vlpt {

template <class S>
concept SkipNamed = requires {
  { S::name } -> std::convertible_to<std::string_view>;
};

/// Stands for a prompt policy where a skip policy is checked.
struct AnyPrompt {
  static constexpr std::string_view name = "any";
  static constexpr Site sites = Site::none;
};

/// Stands for a block where a policy is checked.
struct ProbeBlock {
  static constexpr Site sites = Site::none;
  static constexpr bool has_rows = false;
  [[nodiscard]] constexpr bool takes_rows() const { return false; }
  template <class F>
  static constexpr bool learns = false;
  template <class T>
  using Params = Empty;
  template <class T>
  using Prepared = Empty;
  template <class T, class F>
  using Cache = Empty;
  template <class F, class P, class V>
  constexpr void visit(P&, V&) const {}
  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>&, P const&, R&, Stream<T const>) const {}
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>&, P const&, R&, Stream<T>, P&) const {}
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>&, P const&, R const&, Stream<T const>, Stream<T>, K&,
                         BlockRun<T> const&) const {}
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>&, P const&, R&, K const&, Stream<T const>, Stream<T>, P&,
                          BlockRun<T> const&) const {}
};

template <class S>
concept MapsLayers = requires(S const s, ProbeBlock block, LayerFacts at) {
  typename S::template Layer<ProbeBlock>;
  { s.layer(block, at) } -> std::same_as<typename S::template Layer<ProbeBlock>>;
};

template <class S>
concept MakesBlocks = Block<typename S::template Layer<ProbeBlock>>;

template <class S>
concept AddsToPolicies = requires(S const s, AnyPrompt prompt) {
  typename S::template With<AnyPrompt>;
  { s.with(prompt) } -> std::same_as<typename S::template With<AnyPrompt>>;
};

template <class S>
concept ChecksDepth = requires(S const s, Index depth) {
  s.check(depth);
};

template <class S>
concept TellsWhatRuns = requires(S const s, Index layer) {
  { s.runs(layer) } -> std::same_as<bool>;
};

/// Whether a skip policy whose plan is in its type fits a stack of this depth (0: not known yet).
template <class S, Index Depth>
inline constexpr bool fits_depth = [] {
  if constexpr (Depth > 0 && requires { S::fits(Depth); })
    return S::fits(Depth);
  else
    return true;
}();

/// How many of the layers [first, first + count) run.
template <class S>
[[nodiscard]] constexpr Index running_layers(S const& skip, Index first, Index count) {
  Index n = 0;
  for (Index l = first; l < first + count; ++l) n += skip.runs(l) ? 1 : 0;
  return n;
}

/// A map from layers to what runs there: the block itself, or another Block made of it.
/// Layer<Block> is one type for the whole stack; which layers are skipped is data of its values. A
/// layer that does not run takes no prompt rows. With<Prompt> is the prompt policy with what the
/// skip policy puts beside it into layers that run; check throws InputError for a model that does
/// not fit.
template <class S>
concept SkipPolicy = SkipNamed<S> && MapsLayers<S> && MakesBlocks<S> && AddsToPolicies<S> &&
    ChecksDepth<S> && TellsWhatRuns<S>;

}  // namespace vlpt
