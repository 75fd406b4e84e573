#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/policies/prompt/count.hpp"

namespace vlpt::prompt {

/// VPT-shallow: P learnt rows behind the class row, once, before the first layer; ordinary tokens
/// afterwards. x_1 = L_1([class; P; patches]). Jia et al., arXiv 2203.12119, section 3.2.
template <Index P = dynamic>
struct Shallow : Count<P> {
  static constexpr std::string_view name = "shallow";
  static constexpr Site sites = Site::token_rows;
  double dropout = 0;  // of the rows, drawn for every sample; 0.1 in VPT's published commands

  [[nodiscard]] constexpr PromptRows token_rows(LayerFacts const& f) const {
    return {.count = count_of(*this),
            .dim = f.dim,
            .init = Init::uniform(f.prompt_bound),
            .dropout = dropout};
  }
};

}  // namespace vlpt::prompt
