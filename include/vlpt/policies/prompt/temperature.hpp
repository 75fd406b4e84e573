#pragma once
#include "vlpt/ops/qkv_module.hpp"

namespace vlpt::prompt {

/// Attention scores divided by a temperature t that is a setting; 1 costs nothing.
struct FixedTemperature {
  double t = 1;

  template <class T>
  using Params = Empty;
  template <class T, class F>
  using Cache = Empty;
  template <class F>
  static constexpr bool learns = false;
  template <class F>
  static constexpr bool keeps_input = false;

  template <class F, class P, class V>
  constexpr void visit(P&, V&) const {}
  template <class F, class B, class P, class T, class K>
  constexpr void forward_qkv(vlpt::Context<B>& c, P const&, Stream<T const>, Stream<T const>,
                             Qkv<T> to, K&) const {
    if (t != 1 && !to.query.empty()) c.backend.scale(static_cast<Sum<T>>(1 / t), to.query);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_qkv(vlpt::Context<B>& c, P const&, K const&, Qkv<T const>, Qkv<T> d,
                              Stream<T>, Stream<T>, P&) const {
    if (t != 1 && !d.query.empty()) c.backend.scale(static_cast<Sum<T>>(1 / t), d.query);
  }
};

/// Attention scores divided by a learnt t, clamped to [0.01, 10]: queries are scaled by 1 / t.
/// GaPT's attention shaping (Yoo et al., arXiv 2306.05067, equation 9). One that is not `here` has
/// no parameter and divides by the fixed one.
struct Temperature {
  static constexpr bool reads_values = true;
  FixedTemperature fixed{};
  bool here = true;

  template <class T>
  struct Params {
    View<T> t;
  };
  template <class T, class F>
  struct Cache {
    View<T> inverse;
  };
  template <class F>
  static constexpr bool learns = F::marked::learns;
  template <class F>
  static constexpr bool keeps_input = false;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    if (!here) return;
    v.template tensor<learns<F>>(
        "t", p.t, Shape{1},
        Init::constant(1).within(TemperatureFormula::low, TemperatureFormula::high), false);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_qkv(vlpt::Context<B>& c, P const& p, Stream<T const>, Stream<T const>,
                             Qkv<T> to, K& k) const {
    Empty nothing;
    if (!here) return fixed.forward_qkv<F>(c, nothing, {}, {}, to, nothing);
    if (to.query.empty()) return;
    k.inverse = c.template matrix < learns<F> || F::below > (1, 1);
    c.backend.template activate<TemperatureFormula>(View<T const>(p.t), k.inverse);
    c.backend.scale_by(View<T const>(k.inverse), Stream<T const>(to.query), to.query);
  }
  /// d loss / d t = sum(d_q q / t) for the unscaled q: -1/t times the sum of d_q and the scaled
  /// one.
  template <class F, class B, class P, class T, class K>
  constexpr void backward_qkv(vlpt::Context<B>& c, P const&, K const& k, Qkv<T const> values,
                              Qkv<T> d, Stream<T>, Stream<T>, P& g) const {
    Empty nothing;
    if (!here) return fixed.backward_qkv<F>(c, nothing, nothing, values, d, {}, {}, nothing);
    if (d.query.empty()) return;
    ArenaScope const scope(c.scratch);
    if constexpr (learns<F>) {
      auto const sum = c.scratch.template matrix<T>(1, 1);
      c.backend.fill(Stream<T>(sum, 1), T(0));
      c.backend.dot(Stream<T const>(d.query), values.query, sum);
      c.backend.scale(Sum<T>(-1), Stream<T>(sum, 1));
      c.backend.add_scaled(View<T const>(k.inverse), Stream<T const>(sum, 1), Stream<T>(g.t, 1));
    }
    c.backend.scale_by(View<T const>(k.inverse), Stream<T const>(d.query), d.query);
  }
};

}  // namespace vlpt::prompt
