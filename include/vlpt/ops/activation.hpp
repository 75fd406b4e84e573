#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// y = f(x) element by element; keeps its input when something below learns.
template <class Formula>
struct Activation {
  static constexpr bool in_place = true;
  static constexpr bool formula = true;  // has with_formula
  template <class T>
  using Params = Empty;
  template <class T, class F>
  struct Cache {
    View<T const> in;
  };
  template <class F>
  static constexpr bool learns = false;
  template <class F>
  static constexpr bool keeps_input = F::below;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in; }
  template <class G>
  constexpr void with_formula(G const& g) const {
    g(Formula{});
  }
  template <class F, class P, class V>
  constexpr void visit(P&, V&) const {}
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const&, Stream<T const> x, Stream<T> y, K& k) const {
    if constexpr (F::below) k.in = x.flat();
    c.backend.template activate<Formula>(x.flat(), y.flat());
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const&, K const& k, Stream<T const> dy, Stream<T> dx,
                          P&) const {
    if constexpr (F::below)
      c.backend.template activate_reverse<Formula>(dy.flat(), k.in, dx.flat());
  }
};

}  // namespace vlpt
