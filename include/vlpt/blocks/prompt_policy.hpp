#pragma once
#include <concepts>
#include <string_view>
#include <type_traits>

#include "vlpt/blocks/facts.hpp"
#include "vlpt/blocks/prompt_rows.hpp"
#include "vlpt/blocks/sites.hpp"
#include "vlpt/ops/identity.hpp"

namespace vlpt {

// A prompt policy is a value with a name, the set of its sites, and for each of them a function of
// the same name: from the model's facts to the module that stands there.

template <class P>
concept HasName = requires {
  { P::name } -> std::convertible_to<std::string_view>;
};

template <class P>
concept DeclaresSites = requires {
  { P::sites } -> std::convertible_to<Site>;
};

/// Stands for a policy at a site that it does not declare: then nothing is asked of it there. The
/// concepts below are free of "or", which compilers do not explain.
struct AnyPolicy {
  [[nodiscard]] PromptRows token_rows(VisionFacts const&) const;
  [[nodiscard]] PromptRows layer_rows(VisionFacts const&) const;
  [[nodiscard]] Identity attention_out(VisionFacts const&) const;
  [[nodiscard]] Identity mlp_out(VisionFacts const&) const;
  [[nodiscard]] Identity block_out(VisionFacts const&) const;
};
template <class P, Site S>
using AtSite = std::conditional_t<has(P::sites, S), P, AnyPolicy>;

/// Whether a module reads a SiteInput, and so is to be judged as a SiteModule, not as a Module.
template <class M>
inline constexpr bool reads_site = requires {
  M::template keeps_branch<ProbeFlow>;
}
|| requires { M::template keeps_normed<ProbeFlow>; }
|| requires { M::template keeps_stream<ProbeFlow>; };

/// A SiteModule, or a plain Module.
template <class M>
concept StandsAtSite = SiteModule<std::conditional_t<reads_site<M>, M, OnBranch<Identity>>> &&
    Module<std::conditional_t<reads_site<M>, Identity, M>>;

template <class P>
concept GivesTokenRows = requires(AtSite<P, Site::token_rows> const p, VisionFacts f) {
  { p.token_rows(f) } -> std::convertible_to<PromptRows>;
};

template <class P>
concept GivesLayerRows = requires(AtSite<P, Site::layer_rows> const p, VisionFacts f) {
  { p.layer_rows(f) } -> std::convertible_to<PromptRows>;
};

template <class P>
concept GivesAttentionOut = requires(AtSite<P, Site::attention_out> const p, VisionFacts f) {
  p.attention_out(f);
}
&&StandsAtSite<decltype(AtSite<P, Site::attention_out>{}.attention_out({}))>;

template <class P>
concept GivesMlpOut = requires(AtSite<P, Site::mlp_out> const p, VisionFacts f) {
  p.mlp_out(f);
}
&&StandsAtSite<decltype(AtSite<P, Site::mlp_out>{}.mlp_out({}))>;

template <class P>
concept GivesBlockOut = requires(AtSite<P, Site::block_out> const p, VisionFacts f) {
  p.block_out(f);
}
&&StandsAtSite<decltype(AtSite<P, Site::block_out>{}.block_out({}))>;

/// Rows that persist and rows that are replaced do not stand in one policy.
template <class P>
concept OneKindOfRows = !(has(P::sites, Site::token_rows) && has(P::sites, Site::layer_rows));

template <class P>
concept PromptPolicy = HasName<P> && DeclaresSites<P> && OneKindOfRows<P> && GivesTokenRows<P> &&
    GivesLayerRows<P> && GivesAttentionOut<P> && GivesMlpOut<P> && GivesBlockOut<P>;

/// A plain module becomes a site module by standing on the branch.
template <class M>
[[nodiscard]] constexpr auto as_site(M module) {
  if constexpr (SiteModule<M>)
    return module;
  else
    return OnBranch<M>{module};
}

template <PromptPolicy P>
[[nodiscard]] constexpr auto attention_out_of(P const& policy, VisionFacts const& facts) {
  if constexpr (has(P::sites, Site::attention_out))
    return as_site(policy.attention_out(facts));
  else
    return NoSite{};
}
template <PromptPolicy P>
[[nodiscard]] constexpr auto mlp_out_of(P const& policy, VisionFacts const& facts) {
  if constexpr (has(P::sites, Site::mlp_out))
    return as_site(policy.mlp_out(facts));
  else
    return NoSite{};
}
template <PromptPolicy P>
[[nodiscard]] constexpr auto block_out_of(P const& policy, VisionFacts const& facts) {
  if constexpr (has(P::sites, Site::block_out))
    return as_site(policy.block_out(facts));
  else
    return NoSite{};
}
/// Learnt rows of a site; none of them where the policy declares no such site.
template <Site S, PromptPolicy P>
[[nodiscard]] constexpr PromptRows rows_of(P const& policy, VisionFacts const& facts) {
  if constexpr (S == Site::token_rows && has(P::sites, Site::token_rows))
    return policy.token_rows(facts);
  else if constexpr (S == Site::layer_rows && has(P::sites, Site::layer_rows))
    return policy.layer_rows(facts);
  else
    return {};
}

}  // namespace vlpt
