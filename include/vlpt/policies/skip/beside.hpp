#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/policies/prompt/bottleneck.hpp"
#include "vlpt/policies/prompt/width.hpp"

namespace vlpt::skip {

/// DAS's adapters in the layers that run: they read the residual stream itself, un-normalised, and
/// are summed behind the branch's dropout: x + D(attention(norm(x))) + Ad(x), the same for the MLP.
/// In a post-norm block (METER) the attentions' are summed before the norm, the MLP's behind it.
/// Wu et al., arXiv 2309.01479, and code.
template <Index W>
struct Beside : prompt::Width<W> {
  static_assert(W > 0 || W == dynamic, "DAS's adapters need a width of at least one");
  static constexpr std::string_view name = "beside";
  static constexpr Site sites = Site::attention_end | Site::mlp_normed;
  Init init = Init::normal(0.02);

  [[nodiscard]] constexpr auto attention_end(LayerFacts const& f) const {
    auto const adapter =
        Trainable{prompt::normed_bottleneck(f.dim, prompt::width_of(*this), 1, init)};
    return BesideBranch<std::remove_const_t<decltype(adapter)>, Reads::stream>{adapter};
  }
  [[nodiscard]] constexpr auto mlp_normed(LayerFacts const& f) const { return attention_end(f); }
};

}  // namespace vlpt::skip
