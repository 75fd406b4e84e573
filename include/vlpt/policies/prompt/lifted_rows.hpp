#pragma once
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/row_source.hpp"
#include "vlpt/ops/linear.hpp"

namespace vlpt::prompt {

/// Rows of another width, lifted by one learnt linear map that all layers share.
template <RowSource Rows>
struct LiftedRows {
  Rows rows;
  Linear lift;
  Index count = rows.count;

  template <class F>
  using LiftFlow = typename F::template child<"lift">::marked;
  template <class T>
  struct Params {
    typename Rows::template Params<T> rows;
    Linear::Params<T> lift;
  };
  template <class T>
  struct Prepared {
    GivenRows<T> given;
    typename Rows::template Prepared<T> rows;
  };
  template <class F>
  static constexpr bool learns = Rows::template learns<F> || LiftFlow<F>::learns;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    rows.template visit<F>(p.rows, v);
    v.enter("lift");
    lift.template visit<LiftFlow<F>>(p.lift, v);
    v.leave();
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(vlpt::Context<B>& c, P const& p, R& r, Index batch) const {
    using T = typename B::Scalar;
    rows.template prepare<F>(c, p.rows, r.rows, batch);
    auto const from = r.rows.given.rows;
    auto const like = [&] { return c.tape.template stream<T>(from.batch, from.tokens, lift.out); };
    r.given = {count, like(), {}};
    c.backend.linear(View<T const>(from.flat()), p.lift.weight, p.lift.bias, r.given.rows.flat());
    if constexpr (learns<F>) {
      r.given.d_rows = like();
      c.backend.fill(r.given.d_rows, T(0));
    }
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(vlpt::Context<B>& c, P const& p, R& r, P& g) const {
    if constexpr (learns<F>) {
      using T = typename B::Scalar;
      ArenaScope const scope(c.scratch);
      auto const from = r.rows.given.rows;
      View<T const> const d(r.given.d_rows.flat());
      auto const d_from = c.scratch.template stream<T>(from.batch, from.tokens, from.dim);
      if constexpr (LiftFlow<F>::learns)
        c.backend.linear_weight(d, View<T const>(from.flat()), g.lift.weight, g.lift.bias);
      c.backend.linear_input(d, p.lift.weight, d_from.flat());
      c.backend.add(Stream<T const>(d_from), r.rows.given.d_rows);
      c.backend.fill(r.given.d_rows, T(0));
      rows.template prepare_backward<F>(c, p.rows, r.rows, g.rows);
    }
  }
};

}  // namespace vlpt::prompt
