#pragma once
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/blocks/then.hpp"

namespace vlpt {

/// What a policy puts behind a residual sum that no norm follows: its module at the end of the
/// half, and then that behind the norm, since here both stand at one place. End is attention_end or
/// mlp_end.
template <Site End, PromptPolicy P>
[[nodiscard]] constexpr auto module_behind(P const& policy, LayerFacts const& at) {
  constexpr Site normed = End == Site::mlp_end ? Site::mlp_normed : Site::attention_normed;
  auto const a = module_at<End>(policy, at);
  auto const b = module_at<normed>(policy, at);
  using A = std::remove_const_t<decltype(a)>;
  using B = std::remove_const_t<decltype(b)>;
  if constexpr (!is_site<B>)
    return a;
  else if constexpr (!is_site<A>)
    return b;
  else
    return Then<"end", A, "normed", B>{{a}, {b}};
}

}  // namespace vlpt
