#pragma once
#include <limits>

#include "vlpt/autodiff/module.hpp"
#include "vlpt/kernels/activation.hpp"

namespace vlpt {

/// y = e^s x with one learnt s, as CLIP scales its similarities. e^s is prepared: once a step or
/// load.
struct LogitScale {
  double start = 2.659260036932778;                       // ln(1 / 0.07)
  double most = std::numeric_limits<double>::infinity();  // s is kept below, while training

  template <class T>
  struct Params {
    View<T> scale;
  };
  template <class T>
  struct Prepared {
    View<T> factor;
  };
  template <class T, class F>
  struct Cache {
    Stream<T> out;
  };
  template <class F>
  static constexpr bool learns = F::learns;
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.template tensor<F::learns>("logit_scale", p.scale, Shape{},
                                 Init::constant(start).within(-infinity, most), false);
  }
  template <class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    using T = typename B::Scalar;
    r.factor = c.tape.template matrix<T>(1, 1);
    c.backend.template activate<ExpFormula>(View<T const>(p.scale), r.factor);
  }
  /// x may be y.
  template <class F, class B, class R, class T, class K>
  constexpr void forward(Context<B>& c, R const& r, Stream<T const> x, Stream<T> y, K& k) const {
    c.backend.scale_by(View<T const>(r.factor), x, y);
    if constexpr (F::learns) {
      k.out = c.tape.template stream<T>(y.batch, y.tokens, y.dim);
      c.backend.copy(Stream<T const>(y), k.out);
    }
  }
  template <class F, class B, class R, class T, class K, class P>
  constexpr void backward(Context<B>& c, R const& r, K const& k, Stream<T const> d_y, Stream<T> d_x,
                          P& g) const {
    if constexpr (F::learns) c.backend.dot(d_y, Stream<T const>(k.out), g.scale);
    c.backend.scale_by(View<T const>(r.factor), d_y, d_x);
  }
};

}  // namespace vlpt
