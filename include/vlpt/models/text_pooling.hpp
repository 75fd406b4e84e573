#pragma once
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/models/arch/text_encoder.hpp"
#include "vlpt/ops/linear.hpp"
#include "vlpt/ops/tanh.hpp"

namespace vlpt {

/// From rows of a text to one, as facts.pool says, and to length 1 where they ask for it.
///   rows (batch, n, dim) -> (batch, dim)
/// `weights` (batch * n, 1), of the host, make the mean of n rows that of a text's words: n /
/// words, or 0.
struct TextPooling {
  using Pooler = Chain<Stage<"dense", Linear>, Stage<"tanh", Tanh>>;
  Index dim = 0;
  TextPool pool = TextPool::pooler;
  bool unit_length = false;

  [[nodiscard]] constexpr Pooler pooler() const {
    return Chain{stage<"dense">(Linear{.in = dim, .out = dim}), stage<"tanh">(Tanh{})};
  }
  template <class F>
  using PoolerFlow = typename F::template child<"pooler">;
  template <class F>
  static constexpr bool learns = Pooler::learns<PoolerFlow<F>>;
  template <class F>
  static constexpr bool reverses = F::below || learns<F>;

  template <class T>
  struct Params {
    Pooler::Params<T> pooler;
  };
  template <class T, class F>
  struct Cache {
    Pooler::Cache<T, PoolerFlow<F>> pooler;
    View<T> unit, lengths;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    if (pool != TextPool::pooler) return;
    v.enter("pooler");
    pooler().template visit<PoolerFlow<F>>(p.pooler, v);
    v.leave();
  }

  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> rows, View<T const> weights,
                         View<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    Index const batch = rows.batch;
    auto const pooled = unit_length ? c.scratch.template matrix<T>(batch, dim) : out;
    if (pool == TextPool::mean) {
      auto const weighed = c.scratch.template stream<T>(batch, rows.tokens, dim);
      c.backend.scale_rows(c.template bring<false>(weights), rows.flat(), weighed.flat());
      c.backend.mean_rows(Stream<T const>(weighed), pooled);
    } else if (pool == TextPool::first_row) {
      c.backend.copy(rows.range(0, 1), Stream<T>(pooled, batch));
    } else {
      auto const first = c.template stream<Pooler::keeps_input<PoolerFlow<F>>>(batch, 1, dim);
      c.backend.copy(rows.range(0, 1), first);
      auto const hidden = c.template stream<Pooler::keeps_output<PoolerFlow<F>>>(batch, 1, dim);
      StageScope const stage(c, "pooler");
      pooler().template forward<PoolerFlow<F>>(c, p.pooler, Stream<T const>(first), hidden,
                                               k.pooler);
      c.backend.copy(Stream<T const>(hidden), Stream<T>(pooled, batch));
    }
    if (!unit_length) return;
    k.unit = c.template matrix<reverses<F>>(batch, dim);
    k.lengths = c.template matrix<reverses<F>>(batch, 1);
    c.backend.unit_rows(View<T const>(pooled), k.unit, k.lengths);
    c.backend.copy(Stream<T const>(k.unit, batch), Stream<T>(out, batch));
  }
  /// d_rows is overwritten if the flow has something below.
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, View<T const> weights,
                          View<T const> d_out, Stream<T> d_rows, P& g) const {
    if constexpr (reverses<F>) {
      ArenaScope const scope(c.scratch);
      Index const batch = d_out.rows;
      auto const d = c.scratch.template stream<T>(batch, 1, dim);
      c.backend.copy(Stream<T const>(d_out, batch), d);
      if (unit_length)
        c.backend.unit_rows_reverse(View<T const>(d.flat()), View<T const>(k.unit),
                                    View<T const>(k.lengths), d.flat());
      Stream<T> d_first;
      if constexpr (F::below) d_first = c.scratch.template stream<T>(batch, 1, dim);
      if (pool == TextPool::pooler) {
        StageScope const stage(c, "pooler");
        pooler().template backward<PoolerFlow<F>>(c, p.pooler, k.pooler, Stream<T const>(d),
                                                  d_first, g.pooler);
      }
      if constexpr (F::below) {
        if (pool == TextPool::mean) {
          c.backend.mean_rows_reverse(View<T const>(d.flat()), d_rows);
          c.backend.scale_rows(c.template bring<false>(weights), View<T const>(d_rows.flat()),
                               d_rows.flat());
          return;
        }
        if (d_rows.tokens > 1) c.backend.fill(d_rows, T(0));
        c.backend.copy(Stream<T const>(pool == TextPool::pooler ? d_first : d), d_rows.range(0, 1));
      }
    }
  }
};

}  // namespace vlpt
