#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// Queries, keys and values of a sequence, projected and not yet met; an empty stream is absent.
template <class T>
struct Qkv {
  Stream<T> query, key, value;
  Index first_query = 0;   // which row of the keys' sequence the first query is
  LogicalRows key_rows{};  // where the keys' rows stand
};

/// Leaves queries, keys and values as they are.
struct NoQkvChange {
  template <class T>
  using Params = Empty;
  template <class T, class F>
  using Cache = Empty;
  template <class F>
  static constexpr bool learns = false;
  template <class F>
  static constexpr bool keeps_input = false;
};

template <class M>
inline constexpr bool changes_qkv = !std::is_same_v<M, NoQkvChange>;

/// Whether a change's reverse reads the changed values (else it is not given any).
template <class M>
inline constexpr bool reads_values = requires {
  M::reads_values;
};

/// What changes queries, keys and values in place, given the rows that they were projected from.
///   forward_qkv<F>(context, params, query_in, key_in, to, cache)
///   backward_qkv<F>(context, params, cache, values, d, d_query_in, d_key_in, g)
/// The reverse may read the changed `values`, turns the gradients `d` of the changed values into
/// those of the unchanged ones, and adds to d_*_in (empty: not wanted) and to g.
template <class M>
concept QkvModule = TellsLearning<M> &&
    requires(M const m, Context<Nothing<float>> c, typename M::template Params<float> p,
             typename M::template Cache<float, ProbeFlow> k, Stream<float const> in,
             Stream<float> d_in, Qkv<float> to, Qkv<float const> values) {
  { M::template keeps_input<ProbeFlow> } -> std::convertible_to<bool>;
  m.template forward_qkv<ProbeFlow>(c, p, in, in, to, k);
  m.template backward_qkv<ProbeFlow>(c, p, k, values, to, d_in, d_in, p);
};

}  // namespace vlpt
