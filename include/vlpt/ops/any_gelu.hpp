#pragma once
#include "vlpt/core/gelu_kind.hpp"
#include "vlpt/ops/gelu.hpp"
#include "vlpt/ops/quick_gelu.hpp"

namespace vlpt {

/// Gelu or QuickGelu, whichever the model's facts say when it is made: for programs that meet
/// checkpoints of both kinds and want to be compiled once.
struct AnyGelu {
  GeluKind kind = GeluKind::exact;

  static constexpr bool in_place = true;
  static constexpr bool formula = true;  // has with_formula
  template <class T>
  using Params = Empty;
  template <class T, class F>
  using Cache = Gelu::Cache<T, F>;
  template <class F>
  static constexpr bool learns = false;
  template <class F>
  static constexpr bool keeps_input = F::below;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in; }
  template <class G>
  constexpr void with_formula(G const& g) const {
    if (kind == GeluKind::exact)
      g(GeluFormula{});
    else
      g(QuickGeluFormula{});
  }
  template <class F, class P, class V>
  constexpr void visit(P&, V&) const {}
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const&, Stream<T const> x, Stream<T> y, K& k) const {
    if constexpr (F::below) k.in = x.flat();
    with_formula(
        [&]<class Formula>(Formula) { c.backend.template activate<Formula>(x.flat(), y.flat()); });
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const&, K const& k, Stream<T const> dy, Stream<T> dx,
                          P&) const {
    if constexpr (F::below)
      with_formula([&]<class Formula>(Formula) {
        c.backend.template activate_reverse<Formula>(dy.flat(), k.in, dx.flat());
      });
  }
};

/// The kind that an activation's type says; exact for one that says nothing.
template <class Act>
inline constexpr GeluKind gelu_kind_of = GeluKind::exact;
template <>
inline constexpr GeluKind gelu_kind_of<QuickGelu> = GeluKind::quick;

}  // namespace vlpt
