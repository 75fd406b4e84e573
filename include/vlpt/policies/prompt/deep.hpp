#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/policies/prompt/count.hpp"

namespace vlpt::prompt {

/// VPT-deep: P learnt rows at every layer; what a layer makes of them is discarded and replaced.
/// [x_i, _, E_i] = L_i([x_{i-1}, P_{i-1}, E_{i-1}]). Jia et al., arXiv 2203.12119, section 3.2.
/// Because nobody reads a discarded row, vlpt computes its keys and values only, once a step.
template <Index P = dynamic>
struct Deep : Count<P> {
  static constexpr std::string_view name = "deep";
  static constexpr Site sites = Site::layer_rows;
  double dropout = 0;  // of the rows, drawn for every sample and layer

  [[nodiscard]] constexpr PromptRows layer_rows(LayerFacts const& f) const {
    Index const count = count_of(*this);
    return {.count = f.running > 0 ? count : 0,
            .dim = f.dim,
            .init = Init::uniform(f.prompt_bound),
            .dropout = dropout,
            .sets = f.running};
  }
};

}  // namespace vlpt::prompt
