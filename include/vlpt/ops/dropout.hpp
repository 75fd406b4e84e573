#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// y = inverted dropout of x, drawn by the logical places of its rows.
template <class B, class T>
constexpr void drop_rows(Context<B>& c, double rate, Random random, LogicalRows rows,
                         Stream<T const> x, Stream<T> y) {
  if (rows.all == 0) rows = {x.tokens, 0, x.tokens, 0, rows.sample};
  Index head = rows.gap_at - rows.first;
  head = head < 0 ? 0 : head > x.tokens ? x.tokens : head;
  Index const rest = x.tokens - head, first = rows.sample * rows.all + rows.first;
  if (head > 0)
    c.backend.dropout(random, rate, rows.all, first, x.range(0, head), y.range(0, head));
  if (rest > 0)
    c.backend.dropout(random, rate, rows.all, first + head + rows.gap, x.range(head, rest),
                      y.range(head, rest));
}

/// Inverted dropout: y = x / (1 - rate) with probability 1 - rate, else 0; y = x when not training.
/// The mask is a function of (seed, step, layer, place): nothing is stored, every backend draws
/// the same.
struct Dropout {
  double rate = 0;
  std::uint64_t place = 0;  // tells this dropout from others beside it

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
      drop_rows(c, rate, c.random.fork(place).fork(c.place), c.row_places, x, y);
    else
      c.backend.copy(x, y);
  }
};

}  // namespace vlpt
