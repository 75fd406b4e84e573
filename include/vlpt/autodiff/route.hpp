#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// One of two modules of equal width; the choice is data of the run and is kept in the cache, so
/// the reverse follows the branch that was taken. Skip policies make a layer a Route.
template <class A, class B>
struct Route {
  A first;
  B second;

  template <class F>
  using FirstFlow = typename F::template child<"first">;
  template <class F>
  using SecondFlow = typename F::template child<"second">;

  template <class T>
  struct Params {
    typename A::template Params<T> first;
    typename B::template Params<T> second;
  };
  template <class T, class F>
  struct Cache {
    bool take_second = false;  // set before forward
    typename A::template Cache<T, FirstFlow<F>> first;
    typename B::template Cache<T, SecondFlow<F>> second;
  };
  template <class F>
  static constexpr bool learns =
      A::template learns<FirstFlow<F>> || B::template learns<SecondFlow<F>>;
  template <class F>
  static constexpr bool keeps_input =
      A::template keeps_input<FirstFlow<F>> || B::template keeps_input<SecondFlow<F>>;
  template <class F>
  static constexpr bool keeps_output =
      A::template keeps_output<FirstFlow<F>> || B::template keeps_output<SecondFlow<F>>;

  [[nodiscard]] constexpr Index width(Index in) const { return first.width(in); }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("first");
    first.template visit<FirstFlow<F>>(p.first, v);
    v.leave();
    v.enter("second");
    second.template visit<SecondFlow<F>>(p.second, v);
    v.leave();
  }
  template <class F, class Back, class P, class T, class K>
  constexpr void forward(Context<Back>& c, P const& p, Stream<T const> in, Stream<T> out,
                         K& k) const {
    if (k.take_second)
      second.template forward<SecondFlow<F>>(c, p.second, in, out, k.second);
    else
      first.template forward<FirstFlow<F>>(c, p.first, in, out, k.first);
  }
  template <class F, class Back, class P, class T, class K>
  constexpr void backward(Context<Back>& c, P const& p, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g) const {
    if (k.take_second)
      second.template backward<SecondFlow<F>>(c, p.second, k.second, d_out, d_in, g.second);
    else
      first.template backward<FirstFlow<F>>(c, p.first, k.first, d_out, d_in, g.first);
  }
};

template <class A, class B>
Route(A, B) -> Route<A, B>;

}  // namespace vlpt
