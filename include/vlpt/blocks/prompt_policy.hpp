#pragma once
#include <concepts>
#include <string_view>
#include <type_traits>

#include "vlpt/blocks/beside_branch.hpp"
#include "vlpt/blocks/context_place.hpp"
#include "vlpt/blocks/layer_facts.hpp"
#include "vlpt/blocks/on_branch.hpp"
#include "vlpt/blocks/prompt_rows.hpp"
#include "vlpt/blocks/sites.hpp"
#include "vlpt/ops/identity.hpp"
#include "vlpt/ops/qkv_module.hpp"

namespace vlpt {

// A prompt policy is a value with a name, the set of its sites, and for each of them a function of
// the same name: from the facts of a layer to the module that stands there.

template <class P>
concept HasName = requires {
  { P::name } -> std::convertible_to<std::string_view>;
};

template <class P>
concept DeclaresSites = requires {
  { P::sites } -> std::convertible_to<Site>;
};

/// Changes nothing; stands for a policy at the site of queries, keys and values.
struct SameQkv : NoQkvChange {
  template <class F, class B, class P, class T, class K>
  constexpr void forward_qkv(Context<B>&, P const&, Stream<T const>, Stream<T const>, Qkv<T>,
                             K&) const {}
  template <class F, class B, class P, class T, class K>
  constexpr void backward_qkv(Context<B>&, P const&, K const&, Qkv<T const>, Qkv<T>, Stream<T>,
                              Stream<T>, P&) const {}
};

/// Stands for a step of a side network.
struct AnyRung {
  Identity down, block;
};

/// Stands for a policy at a site that it does not declare: then nothing is asked of it there. The
/// concepts below are free of "or", which compilers do not explain.
struct AnyPolicy {
  [[nodiscard]] PromptRows token_rows(LayerFacts const&) const;
  [[nodiscard]] PromptRows layer_rows(LayerFacts const&) const;
  [[nodiscard]] SameQkv qkv(LayerFacts const&) const;
  [[nodiscard]] Identity attention_out(LayerFacts const&) const;
  [[nodiscard]] Identity attention_end(LayerFacts const&) const;
  [[nodiscard]] Identity mlp_out(LayerFacts const&) const;
  [[nodiscard]] Identity mlp_end(LayerFacts const&) const;
  [[nodiscard]] Identity block_out(LayerFacts const&) const;
  [[nodiscard]] Identity attention_normed(LayerFacts const&) const;
  [[nodiscard]] Identity mlp_normed(LayerFacts const&) const;
  [[nodiscard]] PromptRows text_context(LayerFacts const&, Index) const;
  [[nodiscard]] ContextPlace context_place() const;
  [[nodiscard]] Identity text_shift(LayerFacts const&, Index) const;
  [[nodiscard]] AnyRung side(LayerFacts const&) const;
};
template <class P, Site S>
using AtSite = std::conditional_t<has(P::sites, S), P, AnyPolicy>;

/// Whether a module reads a SiteInput, and so is to be judged as a SiteModule, not as a Module.
template <class M>
inline constexpr bool reads_site = requires {
  M::template keeps_branch<ProbeFlow>;
}
|| requires { M::template keeps_read<ProbeFlow>; }
|| requires { M::template keeps_stream<ProbeFlow>; };

/// A SiteModule, or a plain Module.
template <class M>
concept StandsAtSite = SiteModule<std::conditional_t<reads_site<M>, M, OnBranch<Identity>>> &&
    Module<std::conditional_t<reads_site<M>, Identity, M>>;

template <class P>
concept GivesTokenRows = requires(AtSite<P, Site::token_rows> const p, LayerFacts f) {
  p.token_rows(f);
}
&&RowSource<decltype(AtSite<P, Site::token_rows>{}.token_rows({}))>;

template <class P>
concept GivesLayerRows = requires(AtSite<P, Site::layer_rows> const p, LayerFacts f) {
  p.layer_rows(f);
}
&&RowSource<decltype(AtSite<P, Site::layer_rows>{}.layer_rows({}))>;

template <class P>
concept GivesQkv = requires(AtSite<P, Site::qkv> const p, LayerFacts f) {
  p.qkv(f);
}
&&QkvModule<decltype(AtSite<P, Site::qkv>{}.qkv({}))>;

template <class P>
concept GivesAttentionOut = requires(AtSite<P, Site::attention_out> const p, LayerFacts f) {
  p.attention_out(f);
}
&&StandsAtSite<decltype(AtSite<P, Site::attention_out>{}.attention_out({}))>;

template <class P>
concept GivesAttentionEnd = requires(AtSite<P, Site::attention_end> const p, LayerFacts f) {
  p.attention_end(f);
}
&&StandsAtSite<decltype(AtSite<P, Site::attention_end>{}.attention_end({}))>;

template <class P>
concept GivesMlpOut = requires(AtSite<P, Site::mlp_out> const p, LayerFacts f) {
  p.mlp_out(f);
}
&&StandsAtSite<decltype(AtSite<P, Site::mlp_out>{}.mlp_out({}))>;

template <class P>
concept GivesMlpEnd = requires(AtSite<P, Site::mlp_end> const p, LayerFacts f) {
  p.mlp_end(f);
}
&&StandsAtSite<decltype(AtSite<P, Site::mlp_end>{}.mlp_end({}))>;

template <class P>
concept GivesBlockOut = requires(AtSite<P, Site::block_out> const p, LayerFacts f) {
  p.block_out(f);
}
&&StandsAtSite<decltype(AtSite<P, Site::block_out>{}.block_out({}))>;

template <class P>
concept GivesAttentionNormed = requires(AtSite<P, Site::attention_normed> const p, LayerFacts f) {
  p.attention_normed(f);
}
&&StandsAtSite<decltype(AtSite<P, Site::attention_normed>{}.attention_normed({}))>;

template <class P>
concept GivesMlpNormed = requires(AtSite<P, Site::mlp_normed> const p, LayerFacts f) {
  p.mlp_normed(f);
}
&&StandsAtSite<decltype(AtSite<P, Site::mlp_normed>{}.mlp_normed({}))>;

template <class P>
concept GivesTextContext = requires(AtSite<P, Site::text_context> const p, LayerFacts f,
                                    Index classes) {
  { p.text_context(f, classes) } -> RowSource;
  { p.context_place() } -> std::same_as<ContextPlace>;
};

template <class P>
concept GivesTextShift = requires(AtSite<P, Site::text_shift> const p, LayerFacts f,
                                  Index features) {
  { p.text_shift(f, features) } -> Module;
};

/// A step of a side network is a Rung: what it makes of a layer's rows, and a block.
template <class P>
concept GivesSide = requires(AtSite<P, Site::side> const p, LayerFacts f) {
  p.side(f).down;
  p.side(f).block;
};

/// Rows that persist and rows that are replaced do not stand in one policy.
template <class P>
concept OneKindOfRows = !(has(P::sites, Site::token_rows) && has(P::sites, Site::layer_rows));

template <class P>
concept PromptPolicy = HasName<P> && DeclaresSites<P> && OneKindOfRows<P> && GivesTokenRows<P> &&
    GivesLayerRows<P> && GivesQkv<P> && GivesAttentionOut<P> && GivesAttentionEnd<P> &&
    GivesMlpOut<P> && GivesMlpEnd<P> && GivesBlockOut<P> && GivesAttentionNormed<P> &&
    GivesMlpNormed<P> && GivesTextContext<P> && GivesTextShift<P> && GivesSide<P>;

/// A plain module becomes a site module by standing on the branch.
template <class M>
[[nodiscard]] constexpr auto as_site(M module) {
  if constexpr (SiteModule<M>)
    return module;
  else
    return OnBranch<M>{module};
}

/// The module of a policy at a site of a layer; one that stands for nothing where it declares none.
template <Site S, PromptPolicy P>
[[nodiscard]] constexpr auto module_at(P const& policy, LayerFacts const& at) {
  if constexpr (!has(P::sites, S)) {
    if constexpr (S == Site::qkv)
      return NoQkvChange{};
    else
      return NoSite{};
  } else if constexpr (S == Site::qkv) {
    return policy.qkv(at);
  } else if constexpr (S == Site::attention_out) {
    return as_site(policy.attention_out(at));
  } else if constexpr (S == Site::attention_end) {
    return as_site(policy.attention_end(at));
  } else if constexpr (S == Site::mlp_out) {
    return as_site(policy.mlp_out(at));
  } else if constexpr (S == Site::mlp_end) {
    return as_site(policy.mlp_end(at));
  } else if constexpr (S == Site::attention_normed) {
    return as_site(policy.attention_normed(at));
  } else if constexpr (S == Site::mlp_normed) {
    return as_site(policy.mlp_normed(at));
  } else {
    static_assert(S == Site::block_out);
    return as_site(policy.block_out(at));
  }
}

/// Where the rows of a policy come from: those that persist, those of each layer, or none.
template <PromptPolicy P>
[[nodiscard]] constexpr auto row_source(P const& policy, LayerFacts const& at) {
  if constexpr (has(P::sites, Site::token_rows))
    return policy.token_rows(at);
  else if constexpr (has(P::sites, Site::layer_rows))
    return policy.layer_rows(at);
  else
    return NoRows{};
}

}  // namespace vlpt
