#pragma once
#include "vlpt/ops/linear.hpp"
#include "vlpt/ops/qkv_module.hpp"

namespace vlpt {

/// Rows that come from parameters, as keys and values: [k v] = rows Wkv^T + b, then a QkvModule's
/// change. `packed` has the rows of the projection that make keys and values.
template <class Change>
struct ExtraKeys {
  Index dim = 0;
  Change const& change;

  /// What the reverse of the change reads.
  template <class T>
  using Cache = typename Change::template Cache<T, ProbeFlow>;

  template <class B, class P, class T>
  constexpr void project(Context<B>& c, Linear::Params<T> const& packed, P const& p,
                         Stream<T const> rows, Stream<T> kv, Cache<T>& k) const {
    c.backend.linear(rows.flat(), packed.weight, packed.bias, kv.flat());
    if constexpr (changes_qkv<Change>)
      change.template forward_qkv<ProbeFlow>(
          c, p, Stream<T const>{}, rows, Qkv<T>{{}, kv.columns(0, dim), kv.columns(dim, dim)}, k);
  }
  /// d_kv is used up; d_rows is overwritten.
  template <class PackedFlow, class ChangeFlow, class B, class P, class T>
  constexpr void reverse(Context<B>& c, Linear::Params<T> const& packed, P const& p,
                         Stream<T const> rows, Stream<T const> kv, Cache<T> const& k,
                         Stream<T> d_kv, Stream<T> d_rows, Linear::Params<T> const& g_packed,
                         P& g) const {
    ArenaScope const scope(c.scratch);
    Stream<T> d_changed;
    if constexpr (changes_qkv<Change>) {
      d_changed = c.scratch.template stream<T>(rows.batch, rows.tokens, rows.dim);
      c.backend.fill(d_changed, T(0));
      change.template backward_qkv<typename ChangeFlow::template with_below<true>>(
          c, p, k, Qkv<T const>{{}, kv.columns(0, dim), kv.columns(dim, dim)},
          Qkv<T>{{}, d_kv.columns(0, dim), d_kv.columns(dim, dim)}, Stream<T>{}, d_changed, g);
    }
    if constexpr (PackedFlow::learns)
      c.backend.linear_weight(d_kv.flat(), rows.flat(), g_packed.weight, g_packed.bias);
    c.backend.linear_input(d_kv.flat(), packed.weight, d_rows.flat());
    if (!d_changed.empty()) c.backend.add(d_changed, d_rows);
  }
};

}  // namespace vlpt
