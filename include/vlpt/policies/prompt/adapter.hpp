#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/policies/prompt/bottleneck.hpp"
#include "vlpt/policies/prompt/width.hpp"

namespace vlpt::prompt {

/// Sequential adapters: h := h + up(relu(down(h))) on the output of every attention and every MLP,
/// before the residual sum. Houlsby et al., arXiv 1902.00751; a baseline of APT's tables.
template <Index W = 96>
struct Adapter : Width<W> {
  static_assert(W > 0 || W == dynamic, "an adapter needs a width of at least one");
  static constexpr std::string_view name = "adapter";
  static constexpr Site sites = Site::attention_out | Site::mlp_out;
  Init init = Init::normal(0.02);  // what training starts from; the code declares 0.01

  template <class V>
  constexpr void settings(V&& v) const {
    v("width", this->width);
  }
  [[nodiscard]] constexpr auto attention_out(LayerFacts const& f) const {
    return OnBranch{Trainable{Residual{bottleneck(f.dim, width_of(*this), init)}}};
  }
  [[nodiscard]] constexpr auto mlp_out(LayerFacts const& f) const { return attention_out(f); }
};

}  // namespace vlpt::prompt
