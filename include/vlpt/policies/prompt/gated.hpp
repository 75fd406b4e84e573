#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/policies/prompt/blocks.hpp"
#include "vlpt/policies/prompt/count.hpp"
#include "vlpt/policies/prompt/gate.hpp"
#include "vlpt/policies/prompt/temperature.hpp"

namespace vlpt::prompt {

/// Which parts of GaPT a policy has.
enum class GatedParts { both, gates, temperatures };

/// GaPT: VPT-shallow whose prompt rows pass a learnt gate after each block but the last, and whose
/// attentions have a learnt temperature. Yoo et al., arXiv 2306.05067.
template <Index P = dynamic, GatedParts Parts = GatedParts::both>
struct Gated : Count<P> {
  static constexpr bool has_gates = Parts != GatedParts::temperatures;
  static constexpr bool has_temperatures = Parts != GatedParts::gates;
  static constexpr std::string_view name = "gated";
  static constexpr Site sites =
      Site::token_rows | Site::qkv | (has_gates ? Site::block_out : Site::none);
  double dropout = 0;  // of the rows, drawn for every sample; 0.1 in the published commands
  double prior = -5;   // a gate's first logit: the code's sign, nearly shut (the paper prints 5)
  Blocks gates = Blocks::all_but_last();
  Blocks temperatures = Blocks::all();  // which attentions learn theirs
  double temperature = 1;               // of the others

  template <class V>
  constexpr void settings(V&& v) const {
    Count<P>::settings(v);
    v("gates", has_gates ? gates.name() : "none");
    v("temperatures", has_temperatures ? temperatures.name() : "none");
    v("temperature", temperature);
  }
  [[nodiscard]] constexpr PromptRows token_rows(LayerFacts const& f) const {
    return {.count = count_of(*this),
            .dim = f.dim,
            .init = Init::uniform(f.prompt_bound),
            .dropout = dropout};
  }
  [[nodiscard]] constexpr auto qkv(LayerFacts const& f) const {
    if constexpr (has_temperatures)
      return Temperature{{temperature}, temperatures.has(f.layer, f.depth)};
    else
      return FixedTemperature{temperature};
  }
  [[nodiscard]] constexpr Gate block_out(LayerFacts const& f) const {
    return {.prior = prior, .here = gates.has(f.layer, f.depth)};
  }
};

}  // namespace vlpt::prompt
