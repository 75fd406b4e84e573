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
  template <class F, class P, class V>
  constexpr void visit(P&, V&) const {}
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const&, Stream<T const> x, Stream<T> y, K& k) const {
    if constexpr (F::below) k.in = x.flat();
    if (kind == GeluKind::exact)
      c.backend.template activate<GeluFormula>(x.flat(), y.flat());
    else
      c.backend.template activate<QuickGeluFormula>(x.flat(), y.flat());
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const&, K const& k, Stream<T const> dy, Stream<T> dx,
                          P&) const {
    if constexpr (F::below) {
      if (kind == GeluKind::exact)
        c.backend.template activate_reverse<GeluFormula>(dy.flat(), k.in, dx.flat());
      else
        c.backend.template activate_reverse<QuickGeluFormula>(dy.flat(), k.in, dx.flat());
    }
  }
};

/// The kind that an activation's type says; exact for one that says nothing.
template <class Act>
inline constexpr GeluKind gelu_kind_of = GeluKind::exact;
template <>
inline constexpr GeluKind gelu_kind_of<QuickGelu> = GeluKind::quick;

}  // namespace vlpt
