#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// Inverted dropout: y = x / (1 - rate) with probability 1 - rate, else 0; y = x when not training.
/// The mask is a function of (seed, step, place): nothing is stored, every backend draws the same.
struct Dropout {
  double rate = 0;
  std::uint64_t place = 0;  // tells this dropout from the others of a model

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
    apply(c, x, y);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const&, K const&, Stream<T const> dy, Stream<T> dx,
                          P&) const {
    if constexpr (F::below) apply(c, dy, dx);
  }

 private:
  template <class B, class T>
  constexpr void apply(Context<B>& c, Stream<T const> x, Stream<T> y) const {
    if (c.training && rate > 0)
      c.backend.dropout(c.random.fork(place), rate, x.tokens, 0, x, y);
    else
      c.backend.copy(x, y);
  }
};

}  // namespace vlpt
