#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/blocks/tasks.hpp"
#include "vlpt/core/square_root.hpp"
#include "vlpt/policies/prompt/lifted_rows.hpp"

namespace vlpt::prompt {

/// The rows of VPT, shallow or deep, learnt at another width and lifted to the backbone's by one
/// linear map: PROJECT in VPT's and MVLPT's code. Projected<Deep<16>>{.width = 128}.
template <PromptPolicy Inner>
struct Projected {
  static_assert(Inner::sites == Site::token_rows || Inner::sites == Site::layer_rows,
                "prompt::Projected: only a policy that is prompt rows can be projected");
  static_assert(!has_tasks<Inner>,
                "prompt::Projected: tasks have projections of their own: PerTask<Projected<...>>");
  static constexpr std::string_view name = "projected";
  static constexpr Site sites = Inner::sites;
  Inner inner{};
  Index width = 128;

  [[nodiscard]] constexpr auto token_rows(LayerFacts const& f) const {
    return lifted(inner.token_rows(narrow(f)), f);
  }
  [[nodiscard]] constexpr auto layer_rows(LayerFacts const& f) const {
    return lifted(inner.layer_rows(narrow(f)), f);
  }
  template <class V>
  constexpr void settings(V&& v) const {
    if constexpr (requires { inner.settings(v); }) inner.settings(v);
    v("width", width);
  }

 private:
  /// The facts at the width of the learnt rows; VPT's bound follows it.
  [[nodiscard]] constexpr LayerFacts narrow(LayerFacts f) const {
    if (width <= 0) throw InputError(text("projected prompts need a width, got ", width));
    double const patch =
        f.prompt_bound > 0 ? 6 / (f.prompt_bound * f.prompt_bound) - static_cast<double>(f.dim) : 0;
    f.prompt_bound = square_root(6 / (patch + static_cast<double>(width)));
    f.dim = width;
    return f;
  }
  template <RowSource Rows>
  [[nodiscard]] constexpr LiftedRows<Rows> lifted(Rows from, LayerFacts const& f) const {
    auto const bias = Init::uniform(1 / square_root(static_cast<double>(width)));
    return {
        from,
        Linear{
            .in = width, .out = f.dim, .weight_init = Init::kaiming_fan_out(), .bias_init = bias}};
  }
};

}  // namespace vlpt::prompt
