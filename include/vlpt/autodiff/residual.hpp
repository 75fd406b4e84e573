#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// out = in + M(in). The input must keep its width.
template <class M>
struct Residual {
  M module;

  template <class T>
  using Params = typename M::template Params<T>;
  template <class T, class F>
  using Cache = typename M::template Cache<T, F>;
  template <class F>
  static constexpr bool learns = M::template learns<F>;
  template <class F>
  static constexpr bool keeps_input = M::template keeps_input<F>;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in; }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    module.template visit<F>(p, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> in, Stream<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    auto const branch = c.template stream<M::template keeps_output<F>>(in.batch, in.tokens, in.dim);
    module.template forward<F>(c, p, in, branch, k);
    c.backend.copy(in, out);
    c.backend.add(branch, out);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g) const {
    module.template backward<F>(c, p, k, d_out, d_in, g);
    if constexpr (F::below) c.backend.add(d_out, d_in);
  }
};

template <class M>
Residual(M) -> Residual<M>;

}  // namespace vlpt
