#pragma once
#include "vlpt/blocks/site_slot.hpp"

namespace vlpt {

/// Two site modules, the second standing on what the first gives.
template <Name First, class A, Name Second, class B>
struct Then {
  SiteSlot<First, A> first;
  SiteSlot<Second, B> second;
  using One = SiteSlot<First, A>;
  using Two = SiteSlot<Second, B>;

  template <class F>
  using TwoFlow = typename F::template with_below<F::below || One::template learns<F>>;
  template <class T>
  struct Params {
    typename One::template Params<T> first;
    typename Two::template Params<T> second;
  };
  template <class T>
  struct Prepared {
    typename One::template Prepared<T> first;
    typename Two::template Prepared<T> second;
  };
  template <class T, class F>
  struct Cache {
    typename One::template Cache<T, F> first;
    typename Two::template Cache<T, TwoFlow<F>> second;
  };
  template <class F>
  static constexpr bool learns = One::template learns<F> || Two::template learns<TwoFlow<F>>;
  template <class F>
  static constexpr bool keeps_branch = One::template keeps_branch<F>;
  template <class F>
  static constexpr bool keeps_read =
      One::template keeps_read<F> || Two::template keeps_read<TwoFlow<F>>;
  template <class F>
  static constexpr bool keeps_stream =
      One::template keeps_stream<F> || Two::template keeps_stream<TwoFlow<F>>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    first.template visit<F>(p.first, v);
    second.template visit<TwoFlow<F>>(p.second, v);
  }
  template <class F, class Back, class P, class R>
  constexpr void prepare(Context<Back>& c, P const& p, R& r) const {
    first.template prepare<F>(c, p.first, r.first);
    second.template prepare<TwoFlow<F>>(c, p.second, r.second);
  }
  template <class F, class Back, class P, class R>
  constexpr void prepare_backward(Context<Back>& c, P const& p, R& r, P& g) const {
    first.template prepare_backward<F>(c, p.first, r.first, g.first);
    second.template prepare_backward<TwoFlow<F>>(c, p.second, r.second, g.second);
  }
  template <class F, class Back, class P, class R, class T, class K>
  constexpr void forward_site(Context<Back>& c, P const& p, R const& r, SiteInput<T> const& in,
                              Stream<T> out, K& k) const {
    auto const between =
        c.template stream<Two::template keeps_branch<TwoFlow<F>>>(out.batch, out.tokens, out.dim);
    first.template forward<F>(c, p.first, r.first, in, between, k.first);
    SiteInput<T> next = in;
    next.branch = between;
    second.template forward<TwoFlow<F>>(c, p.second, r.second, next, out, k.second);
  }
  template <class F, class Back, class P, class R, class T, class K>
  constexpr void backward_site(Context<Back>& c, P const& p, R& r, K const& k,
                               Stream<T const> d_out, SiteGradient<T> d, P& g) const {
    ArenaScope const scope(c.scratch);
    SiteGradient<T> inner = d;
    inner.branch = {};
    if constexpr (TwoFlow<F>::below)
      inner.branch = c.scratch.template stream<T>(d_out.batch, d_out.tokens, d_out.dim);
    second.template backward<TwoFlow<F>>(c, p.second, r.second, k.second, d_out, inner, g.second);
    if constexpr (TwoFlow<F>::below)
      first.template backward<F>(c, p.first, r.first, k.first, Stream<T const>(inner.branch), d,
                                 g.first);
  }
};

}  // namespace vlpt
