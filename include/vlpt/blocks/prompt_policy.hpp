#pragma once
#include <concepts>
#include <string_view>

#include "vlpt/blocks/facts.hpp"
#include "vlpt/blocks/prompt_rows.hpp"
#include "vlpt/blocks/sites.hpp"

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

template <class P>
concept GivesTokenRows = !has(P::sites, Site::token_rows) ||
                         requires(P const p, VisionFacts f) {
                           { p.token_rows(f) } -> std::convertible_to<PromptRows>;
                         };

template <class P>
concept GivesLayerRows = !has(P::sites, Site::layer_rows) ||
                         requires(P const p, VisionFacts f) {
                           { p.layer_rows(f) } -> std::convertible_to<PromptRows>;
                         };

template <class P>
concept GivesAttentionOut = !has(P::sites, Site::attention_out) ||
                            requires(P const p, VisionFacts f) { p.attention_out(f); };

template <class P>
concept GivesMlpOut = !has(P::sites, Site::mlp_out) ||
                      requires(P const p, VisionFacts f) { p.mlp_out(f); };

template <class P>
concept GivesBlockOut = !has(P::sites, Site::block_out) ||
                        requires(P const p, VisionFacts f) { p.block_out(f); };

template <class P>
concept PromptPolicy = HasName<P> && DeclaresSites<P> && GivesTokenRows<P> && GivesLayerRows<P> &&
                       GivesAttentionOut<P> && GivesMlpOut<P> && GivesBlockOut<P>;

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
