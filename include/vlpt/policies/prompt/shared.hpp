#pragma once
#include "vlpt/blocks/prompt_policy.hpp"

namespace vlpt::prompt {

/// MVLPT's multitask prompts: one prompt for all tasks, whose classes compete in one softmax. What
/// Inner does, under a name of its own. Shen et al., arXiv 2211.11720.
template <PromptPolicy Inner>
struct Shared : Inner {
  static constexpr std::string_view name = "shared";
  template <class V>
  constexpr void settings(V&& v) const {
    v("inner", Inner::name);
    if constexpr (requires { Inner::settings(v); }) Inner::settings(v);
  }
};

}  // namespace vlpt::prompt
