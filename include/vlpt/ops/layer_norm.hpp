#pragma once
#include "vlpt/autodiff/module.hpp"
#include "vlpt/core/real.hpp"

namespace vlpt {

/// y = (x - mean) / sqrt(variance + eps) * gamma + beta for each row; biased variance.
/// eps is a run-time value: the same weights are used with different ones (HF 1e-12, timm 1e-6).
struct LayerNorm {
  Index dim = 0;
  double eps = 1e-6;

  template <class T>
  struct Params {
    View<T> weight, bias;
  };
  template <class T, class F>
  struct Cache {
    View<T const> in;
    View<Sum<T>> stats;  // (rows, 2): mean, 1 / deviation
  };
  template <class F>
  static constexpr bool learns = F::learns;
  template <class F>
  static constexpr bool keeps_input = F::reverses;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in; }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.template tensor<F::learns>("weight", p.weight, Shape{dim}, Init::constant(1), false);
    v.template tensor<F::learns>("bias", p.bias, Shape{dim}, Init::zero(), false);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> x, Stream<T> y, K& k) const {
    if constexpr (F::reverses) {
      k.in = x.flat();
      k.stats = c.tape.template matrix<Sum<T>>(x.rows(), 2);
    }
    c.backend.layer_norm(x.flat(), p.weight, p.bias, eps, y.flat(), k.stats);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> dy, Stream<T> dx,
                          P& g) const {
    if constexpr (F::reverses)
      c.backend.layer_norm_reverse(
          dy.flat(), k.in, k.stats, p.weight, F::below ? dx.flat() : View<T>{},
          F::learns ? g.weight : View<T>{}, F::learns ? g.bias : View<T>{});
  }
};

}  // namespace vlpt
