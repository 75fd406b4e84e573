#pragma once
#include "vlpt/ops/qkv_module.hpp"

namespace vlpt::prompt {

/// Two changes of queries, keys and values, one after the other.
template <QkvModule A, QkvModule B>
struct BothQkv {
  A first;
  B second;

  template <class F>
  using FirstFlow = typename F::template child<"first">;
  template <class F>
  using SecondFlow =
      typename F::template child<"second">::template with_below<F::below ||
                                                                A::template learns<FirstFlow<F>>>;
  template <class T>
  struct Params {
    typename A::template Params<T> first;
    typename B::template Params<T> second;
  };
  template <class T, class F>
  struct Cache {
    typename A::template Cache<T, FirstFlow<F>> first;
    typename B::template Cache<T, SecondFlow<F>> second;
    Qkv<T> between;  // what the first gave, where its reverse reads it
  };
  template <class F>
  static constexpr bool learns =
      A::template learns<FirstFlow<F>> || B::template learns<SecondFlow<F>>;
  template <class F>
  static constexpr bool keeps_input =
      A::template keeps_input<FirstFlow<F>> || B::template keeps_input<SecondFlow<F>>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("first");
    first.template visit<FirstFlow<F>>(p.first, v);
    v.leave();
    v.enter("second");
    second.template visit<SecondFlow<F>>(p.second, v);
    v.leave();
  }
  template <class F, class Back, class P, class T, class K>
  constexpr void forward_qkv(vlpt::Context<Back>& c, P const& p, Stream<T const> query_in,
                             Stream<T const> key_in, Qkv<T> to, K& k) const {
    first.template forward_qkv<FirstFlow<F>>(c, p.first, query_in, key_in, to, k.first);
    k.between = {};
    if constexpr (A::template learns<FirstFlow<F>> && reads_values<A>)
      k.between = {kept(c, to.query), kept(c, to.key), kept(c, to.value), to.first_query,
                   to.key_rows};
    second.template forward_qkv<SecondFlow<F>>(c, p.second, query_in, key_in, to, k.second);
  }
  template <class F, class Back, class P, class T, class K>
  constexpr void backward_qkv(vlpt::Context<Back>& c, P const& p, K const& k, Qkv<T const> values,
                              Qkv<T> d, Stream<T> d_query_in, Stream<T> d_key_in, P& g) const {
    second.template backward_qkv<SecondFlow<F>>(c, p.second, k.second, values, d, d_query_in,
                                                d_key_in, g.second);
    Qkv<T const> const between{k.between.query, k.between.key, k.between.value};
    first.template backward_qkv<FirstFlow<F>>(c, p.first, k.first, between, d, d_query_in, d_key_in,
                                              g.first);
  }

 private:
  template <class Back, class T>
  static constexpr Stream<T> kept(vlpt::Context<Back>& c, Stream<T> x) {
    if (x.empty()) return {};
    auto const y = c.template stream<true>(x.batch, x.tokens, x.dim);
    c.backend.copy(Stream<T const>(x), y);
    return y;
  }
};

}  // namespace vlpt::prompt
