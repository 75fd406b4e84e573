#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// Two streams side by side, as a two-stream model carries them.
template <class T>
struct TwoStreams {
  Stream<T> left, right;
};

/// left' = L(left, right), right' = R(right, left): both from the OLD values (METER's layers).
/// L and R read two streams: forward(context, params, in, other, out, cache), and
/// backward(context, params, cache, d_out, d_in, d_other, g), which ADDS to d_in and d_other.
template <class L, class R>
struct Exchange {
  L left;
  R right;

  template <class F>
  using LeftFlow = typename F::template child<"left">;
  template <class F>
  using RightFlow = typename F::template child<"right">;

  template <class T>
  struct Params {
    typename L::template Params<T> left;
    typename R::template Params<T> right;
  };
  template <class T, class F>
  struct Cache {
    typename L::template Cache<T, LeftFlow<F>> left;
    typename R::template Cache<T, RightFlow<F>> right;
  };
  template <class F>
  static constexpr bool learns =
      L::template learns<LeftFlow<F>> || R::template learns<RightFlow<F>>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("left");
    left.template visit<LeftFlow<F>>(p.left, v);
    v.leave();
    v.enter("right");
    right.template visit<RightFlow<F>>(p.right, v);
    v.leave();
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, TwoStreams<T const> in, TwoStreams<T> out,
                         K& k) const {
    left.template forward<LeftFlow<F>>(c, p.left, in.left, in.right, out.left, k.left);
    right.template forward<RightFlow<F>>(c, p.right, in.right, in.left, out.right, k.right);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, TwoStreams<T const> d_out,
                          TwoStreams<T> d_in, P& g) const {
    if constexpr (F::below) {
      c.backend.fill(d_in.left, T(0));
      c.backend.fill(d_in.right, T(0));
    }
    left.template backward<LeftFlow<F>>(c, p.left, k.left, d_out.left, d_in.left, d_in.right,
                                        g.left);
    right.template backward<RightFlow<F>>(c, p.right, k.right, d_out.right, d_in.right, d_in.left,
                                          g.right);
  }
};

}  // namespace vlpt
