#pragma once
#include <string_view>

namespace vlpt::rows {

/// Only what is read is computed: a deep prompt's rows enter as keys and values, the last layer
/// gives the pooled rows alone. Exact; the default.
struct Live {
  static constexpr std::string_view name = "live";
  static constexpr bool all = false;
};

/// Every row at every layer, as the published implementations execute: what Live is tested against.
struct All {
  static constexpr std::string_view name = "all";
  static constexpr bool all = true;
};

}  // namespace vlpt::rows
