#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// y = x, with no gradient to x (APT detaches its row maximum). A boundary of Mode: nothing below
/// is reversed for its sake. Under gradcheck it replays the value of the base point.
struct Detach {
  static constexpr bool stops_gradient = true;
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
    c.backend.copy(x, y);
    if (c.detached == nullptr) return;
    DetachRecord<T>& record = *c.detached;
    if (record.values == nullptr) {
      record.used += y.size();
      return;
    }
    if (record.used + y.size() > record.capacity)
      throw InputError("gradcheck: more detached values than its record holds");
    Stream<T> const held(record.values + record.used, y.batch, y.tokens, y.dim);
    record.used += y.size();
    if (record.replaying)
      c.backend.copy(held, y);
    else
      c.backend.copy(y, held);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const&, K const&, Stream<T const>, Stream<T> dx,
                          P&) const {
    if constexpr (F::below) c.backend.fill(dx, T(0));
  }
};

}  // namespace vlpt
