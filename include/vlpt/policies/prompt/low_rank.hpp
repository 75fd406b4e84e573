#pragma once
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/ops/dropout.hpp"
#include "vlpt/ops/linear.hpp"
#include "vlpt/ops/qkv_module.hpp"

namespace vlpt::prompt {

/// q := q + up_q(down_q(drop(x))) and v := v + up_v(down_v(drop(y))): x are the rows that queries
/// come from, y those of keys and values. Hu et al., arXiv 2106.09685, without alpha / rank.
struct LowRank {
  using Path = Trainable<Chain<Stage<"down", Linear>, Stage<"up", Linear>>>;
  Path query, value;
  double dropout = 0;

  constexpr LowRank() = default;
  constexpr LowRank(Index dim, Index rank, double drop)
      : query(path(dim, rank)), value(path(dim, rank)), dropout(drop) {}

  template <class F>
  using QueryFlow = typename F::template child<"query">;
  template <class F>
  using ValueFlow = typename F::template child<"value">;

  template <class T>
  struct Params {
    Path::Params<T> query, value;
  };
  template <class T, class F>
  struct Cache {
    Path::Cache<T, QueryFlow<F>> query;
    Path::Cache<T, ValueFlow<F>> value;
  };
  template <class F>
  static constexpr bool learns =
      Path::template learns<QueryFlow<F>> || Path::template learns<ValueFlow<F>>;
  template <class F>
  static constexpr bool keeps_input =
      Path::template keeps_input<QueryFlow<F>> || Path::template keeps_input<ValueFlow<F>>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("query");
    query.template visit<QueryFlow<F>>(p.query, v);
    v.leave();
    v.enter("value");
    value.template visit<ValueFlow<F>>(p.value, v);
    v.leave();
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_qkv(vlpt::Context<B>& c, P const& p, Stream<T const> query_in,
                             Stream<T const> key_in, Qkv<T> to, K& k) const {
    add<QueryFlow<F>>(c, query, drop(c, 1, to, c.row_places.from(to.first_query)), p.query,
                      query_in, to.query, k.query);
    add<ValueFlow<F>>(c, value, drop(c, 2, to, to.key_rows), p.value, key_in, to.value, k.value);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_qkv(vlpt::Context<B>& c, P const& p, K const& k, Qkv<T const>, Qkv<T> d,
                              Stream<T> d_query_in, Stream<T> d_key_in, P& g) const {
    reverse<QueryFlow<F>>(c, query, drop(c, 1, d, c.row_places.from(d.first_query)), p.query,
                          k.query, d.query, d_query_in, g.query);
    reverse<ValueFlow<F>>(c, value, drop(c, 2, d, d.key_rows), p.value, k.value, d.value, d_key_in,
                          g.value);
  }

 private:
  static constexpr Path path(Index dim, Index rank) {
    return Path{Chain{
        stage<"down">(
            Linear{.in = dim, .out = rank, .bias = false, .weight_init = Init::normal(1)}),
        stage<"up">(Linear{.in = rank, .out = dim, .bias = false, .weight_init = Init::zero()})}};
  }
  /// How one path drops what it reads. Rows that are keys only (deep prompts) are projected once
  /// for all samples, and are not dropped.
  struct Drop {
    bool on = false;
    Random random{};
    LogicalRows rows{};
  };
  template <class B, class T>
  [[nodiscard]] constexpr Drop drop(vlpt::Context<B> const& c, std::uint64_t path, Qkv<T> const& to,
                                    LogicalRows rows) const {
    return {c.training && dropout > 0 && !to.query.empty(), c.random.fork(c.place).fork(path),
            rows};
  }
  template <class F, class B, class P, class T, class K>
  constexpr void add(vlpt::Context<B>& c, Path const& path, Drop const& d, P const& p,
                     Stream<T const> in, Stream<T> to, K& k) const {
    if (to.empty()) return;
    ArenaScope const scope(c.scratch);
    if (d.on) {
      auto const some =
          c.template stream<Path::template keeps_input<F>>(in.batch, in.tokens, in.dim);
      drop_rows(c, dropout, d.random, d.rows, in, some);
      in = some;
    }
    auto const more = c.scratch.template stream<T>(to.batch, to.tokens, to.dim);
    path.template forward<F>(c, p, in, more, k);
    c.backend.add(Stream<T const>(more), to);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void reverse(vlpt::Context<B>& c, Path const& path, Drop const& drops, P const& p,
                         K const& k, Stream<T> d, Stream<T> d_in, P& g) const {
    if (d.empty()) return;
    ArenaScope const scope(c.scratch);
    auto const dense = c.scratch.template stream<T>(d.batch, d.tokens, d.dim);
    c.backend.copy(Stream<T const>(d), dense);
    Stream<T> own;
    if constexpr (F::below) own = c.scratch.template stream<T>(d.batch, d.tokens, d.dim);
    path.template backward<F>(c, p, k, Stream<T const>(dense), own, g);
    if (!F::below || d_in.empty()) return;
    if (drops.on) drop_rows(c, dropout, drops.random, drops.rows, Stream<T const>(own), own);
    c.backend.add(Stream<T const>(own), d_in);
  }
};

}  // namespace vlpt::prompt
