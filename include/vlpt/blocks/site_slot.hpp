#pragma once
#include "vlpt/blocks/site_module.hpp"
#include "vlpt/core/name.hpp"

namespace vlpt {

/// A named place of a block where a policy's module stands, or nothing: what a block would have to
/// ask of every site, asked once.
template <Name N, class S>
struct SiteSlot {
  static constexpr bool filled = is_site<S>;
  S module;

  template <class F>
  using Inner = typename F::template child<N>;
  template <class T>
  using Params = typename S::template Params<T>;
  template <class T, class F>
  using Cache = typename S::template Cache<T, Inner<F>>;
  template <class F>
  static constexpr bool learns = S::template learns<Inner<F>>;
  template <class F>
  static constexpr bool keeps_branch = [] {
    if constexpr (filled)
      return S::template keeps_branch<Inner<F>>;
    else
      return false;
  }();
  template <class F>
  static constexpr bool keeps_read = [] {
    if constexpr (filled)
      return S::template keeps_read<Inner<F>>;
    else
      return false;
  }();
  template <class F>
  static constexpr bool keeps_stream = [] {
    if constexpr (filled)
      return S::template keeps_stream<Inner<F>>;
    else
      return false;
  }();

  template <class M, class T>
  struct PreparedOf {
    using Type = Empty;
  };
  template <class M, class T>
  requires prepares<M>
  struct PreparedOf<M, T> {
    using Type = typename M::template Prepared<T>;
  };
  template <class T>
  using Prepared = typename PreparedOf<S, T>::Type;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    if constexpr (filled) {
      v.enter(N.view());
      module.template visit<Inner<F>>(p, v);
      v.leave();
    }
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    if constexpr (prepares<S>) module.template prepare<Inner<F>>(c, p, r);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    if constexpr (prepares<S> && learns<F>) module.template prepare_backward<Inner<F>>(c, p, r, g);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, SiteInput<T> const& in,
                         Stream<T> out, K& k) const {
    if constexpr (prepares<S>)
      module.template forward_site<Inner<F>>(c, p, r, in, out, k);
    else
      module.template forward_site<Inner<F>>(c, p, in, out, k);
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, Stream<T const> d_out,
                          SiteGradient<T> d, P& g) const {
    if constexpr (prepares<S>)
      module.template backward_site<Inner<F>>(c, p, r, k, d_out, d, g);
    else
      module.template backward_site<Inner<F>>(c, p, k, d_out, d, g);
  }
};

}  // namespace vlpt
