#pragma once
#include "vlpt/core/real.hpp"
#include "vlpt/ops/attend.hpp"

namespace vlpt {

/// What a layer's prompt rows give to its attention as keys and values, and what the reverse needs.
/// It depends on parameters alone: computed once a step, not once a sample.
template <class T, class ExtraCache>
struct PreparedRows {
  Stream<T const> rows;  // (1 or batch, count, dim), as their source gave them
  Stream<T> normed;      // the same, normed where the attention has a norm before it
  Stream<T> kv;          // (1 or batch, count, 2 dim)
  View<Sum<T>> stats;
  ExtraCache cache;  // of what changes keys and values
  Stream<T> d_kv;    // filled by the layer's backward; empty if nothing learns

  [[nodiscard]] constexpr bool empty() const { return kv.empty(); }
  /// Adds them to what an attention reads.
  constexpr void give(AttentionExtras<T>& to) const {
    if (empty()) return;
    Index const dim = kv.dim / 2;
    to.extra_key = kv.columns(0, dim), to.extra_value = kv.columns(dim, dim);
    to.d_extra_key = d_kv.columns(0, dim), to.d_extra_value = d_kv.columns(dim, dim);
  }
};

}  // namespace vlpt
