#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// y = factor x, for a factor that is a setting.
struct Scale {
  double factor = 1;
  static constexpr bool in_place = true;

  template <class T>
  using Params = Empty;
  template <class T, class F>
  using Cache = Empty;
  template <class F>
  static constexpr bool learns = false;
  template <class F>
  static constexpr bool keeps_input = false;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in; }
  template <class F, class P, class V>
  constexpr void visit(P&, V&) const {}
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const&, Stream<T const> x, Stream<T> y, K&) const {
    if (x.data != y.data || x.data == nullptr) c.backend.copy(x, y);
    if (factor != 1) c.backend.scale(static_cast<Sum<T>>(factor), y);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const&, K const&, Stream<T const> dy, Stream<T> dx,
                          P&) const {
    if constexpr (F::below) {
      c.backend.copy(dy, dx);
      if (factor != 1) c.backend.scale(static_cast<Sum<T>>(factor), dx);
    }
  }
};

}  // namespace vlpt
