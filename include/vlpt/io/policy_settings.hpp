#pragma once
#include <string_view>

#include "vlpt/io/named_values.hpp"

namespace vlpt::io {

// A policy whose values change what is computed says so by one function:
//   template <class V> constexpr void settings(V&& v) const { v("prompts", prompts); }
// Names, with numbers, true or false, words, or a SkipPlan. A delta keeps them, and is refused by a
// policy that says something else; so what matters only while training (dropout) is left out.

/// What a policy's value says of itself: nothing where it has no settings().
template <class Policy>
[[nodiscard]] NamedValues policy_settings(Policy const& policy) {
  NamedValues out;
  [[maybe_unused]] auto const take = [&out](std::string_view name, auto const& value) {
    VLPT_CHECK(out.emplace(name, value_text(value)).second, "policy ", Policy::name,
               " names the setting \"", name, "\" twice");
  };
  // Asked of a policy that is not const: a settings() that forgot its const must not pass for none.
  if constexpr (requires(Policy p) { p.settings(take); }) policy.settings(take);
  return out;
}

}  // namespace vlpt::io
