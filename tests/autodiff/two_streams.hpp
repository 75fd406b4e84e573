#pragma once
#include "vlpt/autodiff/exchange.hpp"
#include "vlpt/ops/linear.hpp"

namespace vlpt::test {

/// A layer of a two-stream model: out = a(in) + b(other).
struct Mixes {
  Linear a, b;

  template <class T>
  struct Params {
    Linear::Params<T> a, b;
  };
  template <class T, class F>
  struct Cache {
    Linear::Cache<T, F> a, b;
  };
  template <class F>
  static constexpr bool learns = F::learns;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("a");
    a.template visit<F>(p.a, v);
    v.leave();
    v.enter("b");
    b.template visit<F>(p.b, v);
    v.leave();
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> in, Stream<T const> other,
                         Stream<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    auto const from_other = c.scratch.template stream<T>(out.batch, out.tokens, out.dim);
    a.template forward<F>(c, p.a, in, out, k.a);
    b.template forward<F>(c, p.b, other, from_other, k.b);
    c.backend.add(from_other, out);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, Stream<T> d_other, P& g) const {
    ArenaScope const scope(c.scratch);
    auto const d = c.scratch.template stream<T>(d_out.batch, d_out.tokens, a.in);
    a.template backward<F>(c, p.a, k.a, d_out, d, g.a);
    if constexpr (F::below) c.backend.add(d, d_in);
    b.template backward<F>(c, p.b, k.b, d_out, d, g.b);
    if constexpr (F::below) c.backend.add(d, d_other);
  }
};

/// Two streams in one, so that Exchange can be checked like any module: the left stream is the
/// first half of the batch, the right one the second.
template <class E>
struct Halves {
  E exchange;

  template <class T>
  using Params = typename E::template Params<T>;
  template <class T, class F>
  using Cache = typename E::template Cache<T, F>;
  template <class F>
  static constexpr bool learns = E::template learns<F>;
  template <class F>
  static constexpr bool keeps_input = F::learns;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in; }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    exchange.template visit<F>(p, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> in, Stream<T> out, K& k) const {
    exchange.template forward<F>(c, p, split(in), split(out), k);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g) const {
    exchange.template backward<F>(c, p, k, split(d_out), split(d_in), g);
  }

 private:
  template <class T>
  static constexpr TwoStreams<T> split(Stream<T> s) {
    Index const half = s.batch / 2;
    T* const second = s.data == nullptr ? nullptr : s.data + half * s.batch_stride;
    return {{s.data, half, s.tokens, s.dim}, {second, half, s.tokens, s.dim}};
  }
};

}  // namespace vlpt::test
