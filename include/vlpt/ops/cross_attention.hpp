#pragma once
#include "vlpt/ops/attend.hpp"
#include "vlpt/ops/extra_keys.hpp"
#include "vlpt/ops/linear.hpp"

namespace vlpt {

/// Multi-head attention of one stream to another, the context, which has its own width:
///   q = x Wq^T + b;  [k v] = context Wkv^T + b;
///   y = softmax(q [k; k']^T / sqrt(dim / heads)) [v; v'] Wout^T + b.
/// Context, mask and extra rows come with AttentionExtras; Extras says that extra rows want a
/// gradient; Change is a QkvModule, whose key_in is the context. The context wants a gradient
/// where the input does.
template <bool Extras = false, class Change = NoQkvChange>
struct CrossAttention {
  static constexpr bool takes_extras = Extras;
  static constexpr bool crosses = true;
  Index dim = 0;
  Index heads = 1;
  Index context = 0;  // width of the rows that keys and values come from
  bool qkv_bias = true;
  Change change{};

  [[nodiscard]] constexpr Linear query() const { return {.in = dim, .out = dim, .bias = qkv_bias}; }
  [[nodiscard]] constexpr Linear keys() const {
    return {.in = context, .out = 2 * dim, .bias = qkv_bias};
  }
  [[nodiscard]] constexpr Linear out() const { return {.in = dim, .out = dim}; }

  template <class F>
  using QueryFlow = typename F::template child<"query">;
  template <class F>
  using KeysFlow = typename F::template child<"kv">;
  template <class F>
  static constexpr bool projection_learns = QueryFlow<F>::learns || KeysFlow<F>::learns;
  template <class F>
  using ChangeFlow =
      typename F::template child<"change">::template with_below<F::below || projection_learns<F>>;
  template <class F>
  static constexpr bool changes = changes_qkv<Change> &&
                                  (ChangeFlow<F>::below || Change::template learns<ChangeFlow<F>>);
  /// Whether gradients of q, k and v of the streams' own rows are wanted.
  template <class F>
  static constexpr bool own = F::below || projection_learns<F> || changes<F>;
  template <class F>
  using AttendFlow = typename F::template with_below<own<F> || (Extras && F::marked::learns)>;
  template <class F>
  using OutFlow = typename AttendFlow<F>::template child<"out">;

  template <class T>
  struct Params {
    Linear::Params<T> query, kv, out;
    typename Change::template Params<T> change;
  };
  template <class T, class F>
  struct Cache {
    Stream<T> query, key, value, attended;
    Linear::Cache<T, QueryFlow<F>> query_in;
    Linear::Cache<T, KeysFlow<F>> key_in;
    typename Change::template Cache<T, ChangeFlow<F>> change;
    Linear::Cache<T, OutFlow<F>> out;
  };
  template <class F>
  static constexpr bool learns =
      projection_learns<F> || Change::template learns<ChangeFlow<F>> || OutFlow<F>::learns;
  template <class F>
  static constexpr bool keeps_input =
      QueryFlow<F>::learns || Change::template keeps_input<ChangeFlow<F>>;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in; }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("query");
    query().template visit<QueryFlow<F>>(p.query, v);
    v.leave();
    v.enter("kv");
    keys().template visit<KeysFlow<F>>(p.kv, v);
    v.leave();
    if constexpr (changes_qkv<Change>) {
      v.enter("change");
      change.template visit<ChangeFlow<F>>(p.change, v);
      v.leave();
    }
    v.enter("out");
    out().template visit<OutFlow<F>>(p.out, v);
    v.leave();
  }

  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> x, Stream<T> y, K& k,
                         AttentionExtras<T> const& e) const {
    ArenaScope const scope(c.scratch);
    meet<F>(c, p, x, k, e);
    out().template forward<OutFlow<F>>(c, p.out, Stream<T const>(k.attended), y, k.out);
  }
  /// y = r + this(x).
  static constexpr bool adds = true;
  template <class F, class B, class P, class T, class K>
  constexpr void forward_onto(Context<B>& c, P const& p, Stream<T const> x, Stream<T const> r,
                              Stream<T> y, K& k, AttentionExtras<T> const& e) const {
    ArenaScope const scope(c.scratch);
    meet<F>(c, p, x, k, e);
    out().template forward_onto<OutFlow<F>>(c, p.out, Stream<T const>(k.attended), r, y, k.out);
  }

  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> dy, Stream<T> dx,
                          P& g, AttentionExtras<T> const& e) const {
    ArenaScope const scope(c.scratch);
    auto const room = [&c, &dy](Index tokens, Index width) {
      return c.scratch.template stream<T>(dy.batch, tokens, width);
    };
    Stream<T> d_attended;
    if constexpr (AttendFlow<F>::below) d_attended = room(dy.tokens, dim);
    out().template backward<OutFlow<F>>(c, p.out, k.out, dy, d_attended, g.out);
    if constexpr (AttendFlow<F>::below) {
      Qkv<T> const values{k.query, k.key, k.value};
      AttentionGradients<T> to{{}, {}, {}, e.d_extra_key, e.d_extra_value};
      Stream<T> d_q, d_kv;
      if constexpr (own<F>) {
        d_q = room(dy.tokens, dim), d_kv = room(k.key.tokens, 2 * dim);
        to.query = d_q, to.key = d_kv.columns(0, dim), to.value = d_kv.columns(dim, dim);
      }
      attend_reverse(c, heads, false, values, e, Stream<T const>(d_attended), to);
      if constexpr (own<F>) {
        bool const wants_context = F::below && !e.d_context.empty();
        if (F::below) c.backend.fill(dx, T(0));
        if constexpr (changes<F>)
          change.template backward_qkv<ChangeFlow<F>>(
              c, p.change, k.change, Qkv<T const>{k.query, k.key, k.value},
              Qkv<T>{to.query, to.key, to.value}, dx, wants_context ? e.d_context : Stream<T>{},
              g.change);
        Stream<T> d_own, d_context;
        if constexpr (F::below) d_own = room(dy.tokens, dim);
        if (wants_context) d_context = room(k.key.tokens, context);
        query().template backward<QueryFlow<F>>(c, p.query, k.query_in, Stream<T const>(d_q), d_own,
                                                g.query);
        if constexpr (F::below) c.backend.add(Stream<T const>(d_own), dx);
        if constexpr (KeysFlow<F>::learns)
          c.backend.linear_weight(d_kv.flat(), k.key_in.in, g.kv.weight, g.kv.bias);
        if (!wants_context) return;
        c.backend.linear_input(d_kv.flat(), p.kv.weight, d_context.flat());
        c.backend.add(Stream<T const>(d_context), e.d_context);
      }
    }
  }

  /// What project_extra keeps for its reverse.
  template <class T>
  using ExtraCache = typename ExtraKeys<Change>::template Cache<T>;

  /// Key and value columns of rows that come from parameters: kv (n, m, 2 dim) = rows Wkv^T + b.
  template <class B, class P, class T>
  constexpr void project_extra(Context<B>& c, P const& p, Stream<T const> rows, Stream<T> kv,
                               ExtraCache<T>& k) const {
    ExtraKeys<Change>{dim, change}.project(c, p.kv, p.change, rows, kv, k);
  }
  /// d_kv is used up.
  template <class F, class B, class P, class T>
  constexpr void project_extra_reverse(Context<B>& c, P const& p, Stream<T const> rows,
                                       Stream<T const> kv, ExtraCache<T> const& k, Stream<T> d_kv,
                                       Stream<T> d_rows, P& g) const {
    ExtraKeys<Change>{dim, change}.template reverse<KeysFlow<F>, ChangeFlow<F>>(
        c, p.kv, p.change, rows, kv, k, d_kv, d_rows, g.kv, g.change);
  }

 private:
  /// k.attended = what queries, keys and values make where they meet.
  template <class F, class B, class P, class T, class K>
  constexpr void meet(Context<B>& c, P const& p, Stream<T const> x, K& k,
                      AttentionExtras<T> const& e) const {
    constexpr bool kept = AttendFlow<F>::below;
    auto const q = c.template stream<kept>(x.batch, x.tokens, dim);
    auto const kv = c.template stream<kept>(x.batch, e.context.tokens, 2 * dim);
    query().template forward<QueryFlow<F>>(c, p.query, x, q, k.query_in);
    keys().template forward<KeysFlow<F>>(c, p.kv, e.context, kv, k.key_in);
    k.query = q, k.key = kv.columns(0, dim), k.value = kv.columns(dim, dim);
    if constexpr (changes_qkv<Change>)
      change.template forward_qkv<ChangeFlow<F>>(c, p.change, x, e.context,
                                                 Qkv<T>{k.query, k.key, k.value}, k.change);
    k.attended = c.template stream<OutFlow<F>::learns>(x.batch, x.tokens, dim);
    attend(c, heads, false, Qkv<T>{k.query, k.key, k.value}, e, k.attended);
  }
};

}  // namespace vlpt
