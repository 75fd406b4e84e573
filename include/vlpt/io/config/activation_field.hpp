#pragma once
#include <string_view>

#include "vlpt/core/gelu_kind.hpp"
#include "vlpt/io/field_reader.hpp"

namespace vlpt::io {

/// Throws unless a "hidden_act" is an activation that vlpt computes.
inline void check_activation(FieldReader const& field, std::string_view name) {
  if (name != gelu_name(GeluKind::exact) && name != gelu_name(GeluKind::quick))
    field.fail("hidden_act", "\"gelu\" or \"quick_gelu\", the activations that vlpt computes");
}
[[nodiscard]] constexpr GeluKind gelu_named(std::string_view name) {
  return name == gelu_name(GeluKind::quick) ? GeluKind::quick : GeluKind::exact;
}

}  // namespace vlpt::io
