#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// Marks a module as learning; everything else is frozen. Trainable{Linear{768, 8}}.
template <class M>
struct Trainable {
  M module;

  template <class T>
  using Params = typename M::template Params<T>;
  template <class T, class F>
  using Cache = typename M::template Cache<T, typename F::marked>;
  template <class F>
  static constexpr bool learns = M::template learns<typename F::marked>;
  template <class F>
  static constexpr bool keeps_input = M::template keeps_input<typename F::marked>;
  template <class F>
  static constexpr bool keeps_output = M::template keeps_output<typename F::marked>;

  [[nodiscard]] constexpr Index width(Index in) const { return module.width(in); }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    module.template visit<typename F::marked>(p, v);
  }
  template <class F, class... A>
  constexpr void forward(A&&... a) const requires HasForward<M> {
    module.template forward<typename F::marked>(a...);
  }
  template <class F, class... A>
  constexpr void backward(A&&... a) const requires HasBackward<M> {
    module.template backward<typename F::marked>(a...);
  }
};

template <class M>
Trainable(M) -> Trainable<M>;

}  // namespace vlpt
