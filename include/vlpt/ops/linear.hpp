#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// y (n, out) = x (n, in) W^T + b;  W (out, in), b (out).
/// Keeps its input only when it learns: a frozen product keeps nothing.
struct Linear {
  static constexpr bool adds = true;         // has forward_onto
  static constexpr bool activates = true;    // has forward_activated
  static constexpr bool keeps_alone = true;  // has keep
  Index in = 0;
  Index out = 0;
  bool bias = true;
  Init weight_init = Init::normal(0.02);
  Init bias_init = Init::zero();

  template <class T>
  struct Params {
    View<T> weight, bias;
  };
  template <class T, class F>
  struct Cache {
    View<T const> in;
  };
  template <class F>
  static constexpr bool learns = F::learns;
  template <class F>
  static constexpr bool keeps_input = F::learns;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index) const { return out; }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.template matrix<F::learns>("weight", p.weight, Shape{out, in}, weight_init);
    if (bias) v.template tensor<F::learns>("bias", p.bias, Shape{out}, bias_init, false);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> x, Stream<T> y, K& k) const {
    if constexpr (F::learns) k.in = x.flat();
    c.backend.linear(x.flat(), p.weight, p.bias, y.flat());
  }
  /// y = f(this(x)); before (n, out) receives this(x), if it is not null.
  template <class F, class Formula, class B, class P, class T, class K>
  constexpr void forward_activated(Context<B>& c, P const& p, Stream<T const> x, View<T> before,
                                   Stream<T> y, K& k) const {
    if constexpr (F::learns) k.in = x.flat();
    c.backend.template linear_activate<Formula>(x.flat(), p.weight, p.bias, before, y.flat());
  }
  /// y = r + this(x); r may be y.
  template <class F, class B, class P, class T, class K>
  constexpr void forward_onto(Context<B>& c, P const& p, Stream<T const> x, Stream<T const> r,
                              Stream<T> y, K& k) const {
    if constexpr (F::learns) k.in = x.flat();
    c.backend.linear_add(x.flat(), p.weight, p.bias, r.flat(), y.flat());
  }
  /// What forward keeps, where nobody reads its output: the product is left out.
  template <class F, class B, class P, class T, class K>
  constexpr void keep(Context<B>&, P const&, Stream<T const> x, K& k) const {
    if constexpr (F::learns) k.in = x.flat();
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> dy, Stream<T> dx,
                          P& g) const {
    if constexpr (F::learns) c.backend.linear_weight(dy.flat(), k.in, g.weight, g.bias);
    if constexpr (F::below) c.backend.linear_input(dy.flat(), p.weight, dx.flat());
  }
};

}  // namespace vlpt
