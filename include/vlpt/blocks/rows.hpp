#pragma once
#include <string_view>

namespace vlpt::rows {

/// Only what is read is computed: a deep prompt's rows enter as keys and values, the last layer
/// gives the pooled rows alone. Exact; the default.
struct Live {
  static constexpr std::string_view name = "live";
  static constexpr bool all = false;
  static constexpr bool recomputes = false;
  static constexpr bool rounds = false;
};

/// Every row at every layer, as the published implementations execute: what Live is tested against.
struct All {
  static constexpr std::string_view name = "all";
  static constexpr bool all = true;
  static constexpr bool recomputes = false;
  static constexpr bool rounds = false;
};

/// As R, but a layer keeps its input alone until the reverse, which runs it once more: the memory
/// of one layer instead of all, for about a third more time. Every number is the same to the last
/// bit.
template <class R = Live>
struct Recomputed : R {
  static_assert(!R::rounds, "a layer is either recomputed or keeps rounded values, not both");
  static constexpr bool recomputes = true;
};

/// As R, but the rows that a layer keeps for its reverse lie in bf16, and are floats again while
/// that layer is reversed: about half the memory, for little time. Outputs are the same to the last
/// bit, gradients but for rounding; means and deviations of norms stay exact.
template <class R = Live>
struct Rounded : R {
  static_assert(!R::recomputes, "a layer is either recomputed or keeps rounded values, not both");
  static constexpr bool rounds = true;
};

}  // namespace vlpt::rows
