#pragma once
#include "vlpt/blocks/site_module.hpp"

namespace vlpt {

/// A plain module at a site: out = M(branch).
template <Module M>
struct OnBranch {
  M module;
  template <class T>
  using Params = typename M::template Params<T>;
  template <class T, class F>
  using Cache = typename M::template Cache<T, F>;
  template <class F>
  static constexpr bool learns = M::template learns<F>;
  template <class F>
  static constexpr bool keeps_branch = M::template keeps_input<F>;
  template <class F>
  static constexpr bool keeps_read = false;
  template <class F>
  static constexpr bool keeps_stream = false;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    module.template visit<F>(p, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_site(Context<B>& c, P const& p, SiteInput<T> const& in, Stream<T> out,
                              K& k) const {
    module.template forward<F>(c, p, in.branch, out, k);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_site(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                               SiteGradient<T> d, P& g) const {
    module.template backward<F>(c, p, k, d_out, d.branch, g);
  }
};

template <class M>
OnBranch(M) -> OnBranch<M>;

}  // namespace vlpt
