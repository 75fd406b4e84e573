#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// y = s x for one scalar s, a parameter (the "learnable scalar" of parallel adapters).
struct LearntScale {
  template <class T>
  struct Params {
    View<T> scale;
  };
  template <class T, class F>
  struct Cache {
    Stream<T const> in;
  };
  template <class F>
  static constexpr bool learns = F::learns;
  template <class F>
  static constexpr bool keeps_input = F::learns;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in; }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.template tensor<F::learns>("scale", p.scale, Shape{1}, Init::constant(1), false);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> x, Stream<T> y, K& k) const {
    if constexpr (F::learns) k.in = x;
    c.backend.scale_by(View<T const>(p.scale), x, y);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> dy, Stream<T> dx,
                          P& g) const {
    if constexpr (F::learns) c.backend.dot(dy, k.in, g.scale);
    if constexpr (F::below) c.backend.scale_by(View<T const>(p.scale), dy, dx);
  }
};

}  // namespace vlpt
