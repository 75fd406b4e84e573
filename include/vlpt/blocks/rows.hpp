#pragma once
#include <string_view>

namespace vlpt::rows {

/// Only what is read is computed: a deep prompt's rows enter as keys and values, the last layer
/// gives the pooled rows alone. Exact; the default.
struct Live {
  static constexpr std::string_view name = "live";
  static constexpr bool all = false;
  static constexpr bool recomputes = false;
};

/// Every row at every layer, as the published implementations execute: what Live is tested against.
struct All {
  static constexpr std::string_view name = "all";
  static constexpr bool all = true;
  static constexpr bool recomputes = false;
};

/// As R, but a layer keeps its input alone until the reverse, which runs it once more: the memory
/// of one layer instead of all, for about a third more time. Every number is the same to the last
/// bit.
template <class R = Live>
struct Recomputed : R {
  static constexpr bool recomputes = true;
};

}  // namespace vlpt::rows
