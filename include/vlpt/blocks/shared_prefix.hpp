#pragma once
#include "vlpt/ops/attend.hpp"

namespace vlpt {

/// The rows that every sequence of a causal stack starts with. They read nothing behind them, so
/// they are run once, as a sequence of their own: what each layer makes of them as keys and values
/// is kept here, and every sequence attends to that instead of computing it again. Requires that
/// nothing is drawn for each sample (dropout): then these rows would differ.
template <class T>
struct SharedPrefix {
  Stream<T> kv;       // (layers, rows, 2 dim): filled by the run of the prefix itself
  Stream<T> d_kv;     // the same: added to by the sequences' reverse; empty if nobody wants it
  bool runs = false;  // whether the run at hand is the prefix's own

  [[nodiscard]] constexpr Index rows() const { return kv.tokens; }
  /// The same for the run of the prefix itself.
  [[nodiscard]] constexpr SharedPrefix own() const { return {kv, d_kv, true}; }
  /// What the attention of a layer reads of it, or fills.
  constexpr void give(Index layer, AttentionExtras<T>& to) const {
    if (kv.empty()) return;
    Stream<T> const here = of(kv, layer), d_here = of(d_kv, layer);
    if (runs) {
      to.own_kv = here, to.d_own_kv = d_here;
      return;
    }
    Index const dim = kv.dim / 2;
    to.extra_key = here.columns(0, dim), to.extra_value = here.columns(dim, dim);
    to.d_extra_key = d_here.columns(0, dim), to.d_extra_value = d_here.columns(dim, dim);
  }

 private:
  static constexpr Stream<T> of(Stream<T> s, Index layer) {
    return s.empty() ? Stream<T>{} : Stream<T>(s.sample(layer), 1);
  }
};

}  // namespace vlpt
