#pragma once
#include "vlpt/ops/attend.hpp"
#include "vlpt/ops/extra_keys.hpp"
#include "vlpt/ops/linear.hpp"

namespace vlpt {

/// Multi-head attention of a sequence to itself and to extra rows, with its two projections:
///   [q k v] = x Wqkv^T + b;  y = softmax(q [k; k']^T / sqrt(dim / heads)) [v; v'] Wout^T + b.
/// Only the rows that `out` has are computed as queries. Extras says that extra rows want a
/// gradient; Change is a QkvModule that changes q, k and v before they meet. The reverse recomputes
/// the probabilities: nothing of size tokens^2 is kept.
template <bool Extras = false, class Change = NoQkvChange>
struct SelfAttention {
  static constexpr bool takes_extras = Extras;
  Index dim = 0;
  Index heads = 1;
  bool qkv_bias = true;
  Change change{};
  bool causal = false;  // row i reads rows up to itself, and every extra row

  [[nodiscard]] constexpr Linear qkv() const {
    return {.in = dim, .out = 3 * dim, .bias = qkv_bias};
  }
  [[nodiscard]] constexpr Linear out() const { return {.in = dim, .out = dim}; }

  template <class F>
  using QkvFlow = typename F::template child<"qkv">;
  template <class F>
  using ChangeFlow =
      typename F::template child<"change">::template with_below<F::below || QkvFlow<F>::learns>;
  template <class F>
  static constexpr bool changes = changes_qkv<Change> &&
                                  (ChangeFlow<F>::below || Change::template learns<ChangeFlow<F>>);
  /// Whether gradients of q, k and v of the input's own rows are wanted.
  template <class F>
  static constexpr bool own = F::below || QkvFlow<F>::learns || changes<F>;
  template <class F>
  using AttendFlow = typename F::template with_below<own<F> || (Extras && F::marked::learns)>;
  template <class F>
  using OutFlow = typename AttendFlow<F>::template child<"out">;

  template <class T>
  struct Params {
    Linear::Params<T> qkv, out;
    typename Change::template Params<T> change;
  };
  template <class T, class F>
  struct Cache {
    Stream<T const> in;
    Stream<T> query, key, value, attended;
    typename Change::template Cache<T, ChangeFlow<F>> change;
    Linear::Cache<T, OutFlow<F>> out;
  };
  template <class F>
  static constexpr bool learns =
      QkvFlow<F>::learns || Change::template learns<ChangeFlow<F>> || OutFlow<F>::learns;
  template <class F>
  static constexpr bool keeps_input =
      QkvFlow<F>::learns || Change::template keeps_input<ChangeFlow<F>>;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in; }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("qkv");
    qkv().template visit<QkvFlow<F>>(p.qkv, v);
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
                         AttentionExtras<T> const& e = {}) const {
    ArenaScope const scope(c.scratch);
    meet<F>(c, p, x, y.tokens, k, e);
    out().template forward<OutFlow<F>>(c, p.out, Stream<T const>(k.attended), y, k.out);
  }
  /// y = r + this(x).
  static constexpr bool adds = true;
  template <class F, class B, class P, class T, class K>
  constexpr void forward_onto(Context<B>& c, P const& p, Stream<T const> x, Stream<T const> r,
                              Stream<T> y, K& k, AttentionExtras<T> const& e = {}) const {
    ArenaScope const scope(c.scratch);
    meet<F>(c, p, x, y.tokens, k, e);
    out().template forward_onto<OutFlow<F>>(c, p.out, Stream<T const>(k.attended), r, y, k.out);
  }

  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> dy, Stream<T> dx,
                          P& g, AttentionExtras<T> const& e = {}) const {
    ArenaScope const scope(c.scratch);
    Stream<T> d_attended;
    if constexpr (AttendFlow<F>::below)
      d_attended = c.scratch.template stream<T>(dy.batch, dy.tokens, dim);
    out().template backward<OutFlow<F>>(c, p.out, k.out, dy, d_attended, g.out);
    if constexpr (AttendFlow<F>::below) {
      bool const fused = k.query.tokens == k.key.tokens;
      Stream<T> d_qkv, d_q, d_kv;
      AttentionGradients<T> to{{}, {}, {}, e.d_extra_key, e.d_extra_value};
      if constexpr (own<F>) {
        Index const batch = k.key.batch, n = k.key.tokens;
        if (fused) {
          d_qkv = c.scratch.template stream<T>(batch, n, 3 * dim);
          d_q = d_qkv.columns(0, dim), d_kv = d_qkv.columns(dim, 2 * dim);
        } else {
          d_q = c.scratch.template stream<T>(batch, dy.tokens, dim);
          d_kv = c.scratch.template stream<T>(batch, n, 2 * dim);
        }
        to.query = d_q, to.key = d_kv.columns(0, dim), to.value = d_kv.columns(dim, dim);
      }
      attend_reverse(c, heads, causal, Qkv<T>{k.query, k.key, k.value}, e,
                     Stream<T const>(d_attended), to);
      if constexpr (own<F>) {
        if (!e.d_own_kv.empty()) {
          c.backend.add(e.d_own_kv.columns(0, dim), to.key);
          c.backend.add(e.d_own_kv.columns(dim, dim), to.value);
        }
        Stream<T> d_changed;
        if constexpr (changes<F>)
          d_changed = reverse_change<F>(
              c, p, k, Qkv<T>{to.query, to.key, to.value, e.first_query, c.row_places}, g);
        if (fused)
          fused_reverse<F>(c, p, k, d_qkv, dx, g);
        else
          split_reverse<F>(c, p, k, d_q, d_kv, dx, g, e.first_query);
        if (F::below && !d_changed.empty()) c.backend.add(d_changed, dx);
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
    extra().project(c, keys_values(p.qkv), p.change, rows, kv, k);
  }
  /// d_kv is used up.
  template <class F, class B, class P, class T>
  constexpr void project_extra_reverse(Context<B>& c, P const& p, Stream<T const> rows,
                                       Stream<T const> kv, ExtraCache<T> const& k, Stream<T> d_kv,
                                       Stream<T> d_rows, P& g) const {
    extra().template reverse<QkvFlow<F>, ChangeFlow<F>>(
        c, keys_values(p.qkv), p.change, rows, kv, k, d_kv, d_rows, keys_values(g.qkv), g.change);
  }

 private:
  /// k.attended = what queries, keys and values make where they meet.
  template <class F, class B, class P, class T, class K>
  constexpr void meet(Context<B>& c, P const& p, Stream<T const> x, Index queries, K& k,
                      AttentionExtras<T> const& e) const {
    if constexpr (QkvFlow<F>::learns) k.in = x;
    project<F>(c, p, x, queries, k, e);
    if (!e.own_kv.empty()) {
      c.backend.copy(Stream<T const>(k.key), e.own_kv.columns(0, dim));
      c.backend.copy(Stream<T const>(k.value), e.own_kv.columns(dim, dim));
    }
    k.attended = c.template stream<OutFlow<F>::learns>(x.batch, queries, dim);
    attend(c, heads, causal, Qkv<T>{k.query, k.key, k.value}, e, k.attended);
  }
  template <class T>
  static constexpr View<T> bias(View<T> b, Index first, Index count) {
    return b.empty() ? View<T>{} : b.middle_cols(first, count);
  }
  [[nodiscard]] constexpr ExtraKeys<Change> extra() const { return {dim, change}; }
  /// The rows of the packed projection that make keys and values; empty where nothing is learnt.
  template <class T>
  [[nodiscard]] constexpr Linear::Params<T> keys_values(Linear::Params<T> const& qkv) const {
    if (qkv.weight.empty()) return {};
    return {qkv.weight.middle_rows(dim, 2 * dim), bias(qkv.bias, dim, 2 * dim)};
  }
  template <class F, class B, class P, class T, class K>
  constexpr void project(Context<B>& c, P const& p, Stream<T const> x, Index queries, K& k,
                         AttentionExtras<T> const& e) const {
    constexpr bool kept = AttendFlow<F>::below;
    Index const batch = x.batch, n = x.tokens;
    Stream<T const> query_in = x;
    if (queries != n) {
      auto const rows =
          c.template stream<Change::template keeps_input<ChangeFlow<F>>>(batch, queries, dim);
      c.backend.copy(x.range(e.first_query, queries), rows);
      query_in = rows;
    }
    if (queries == n || e.projects_all) {
      auto const qkv = c.template stream<kept>(batch, n, 3 * dim);
      c.backend.linear(x.flat(), p.qkv.weight, p.qkv.bias, qkv.flat());
      k.query = qkv.columns(0, dim).range(queries == n ? 0 : e.first_query, queries);
      k.key = qkv.columns(dim, dim);
      k.value = qkv.columns(2 * dim, dim);
    } else {
      auto const q = c.template stream<kept>(batch, queries, dim);
      auto const kv = c.template stream<kept>(batch, n, 2 * dim);
      c.backend.linear(query_in.flat(), p.qkv.weight.middle_rows(0, dim), bias(p.qkv.bias, 0, dim),
                       q.flat());
      c.backend.linear(x.flat(), p.qkv.weight.middle_rows(dim, 2 * dim),
                       bias(p.qkv.bias, dim, 2 * dim), kv.flat());
      k.query = q, k.key = kv.columns(0, dim), k.value = kv.columns(dim, dim);
    }
    if constexpr (changes_qkv<Change>)
      change.template forward_qkv<ChangeFlow<F>>(
          c, p.change, query_in, x, Qkv<T>{k.query, k.key, k.value, e.first_query, c.row_places},
          k.change);
  }
  /// The gradient of the input through the change alone, empty if nobody wants it.
  template <class F, class B, class P, class T, class K>
  constexpr Stream<T> reverse_change(Context<B>& c, P const& p, K const& k, Qkv<T> d, P& g) const {
    Stream<T> d_in, d_query_in;
    if constexpr (F::below) {
      d_in = c.scratch.template stream<T>(k.key.batch, k.key.tokens, dim);
      c.backend.fill(d_in, T(0));
      d_query_in = d_in.range(d.first_query, k.query.tokens);
    }
    change.template backward_qkv<ChangeFlow<F>>(c, p.change, k.change,
                                                Qkv<T const>{k.query, k.key, k.value}, d,
                                                d_query_in, d_in, g.change);
    return d_in;
  }
  template <class F, class B, class P, class T, class K>
  constexpr void fused_reverse(Context<B>& c, P const& p, K const& k, Stream<T> d_qkv, Stream<T> dx,
                               P& g) const {
    if constexpr (QkvFlow<F>::learns)
      c.backend.linear_weight(d_qkv.flat(), k.in.flat(), g.qkv.weight, g.qkv.bias);
    if constexpr (F::below) c.backend.linear_input(d_qkv.flat(), p.qkv.weight, dx.flat());
  }
  template <class F, class B, class P, class T, class K>
  constexpr void split_reverse(Context<B>& c, P const& p, K const& k, Stream<T> d_q, Stream<T> d_kv,
                               Stream<T> dx, P& g, Index first) const {
    Index const queries = d_q.tokens;
    auto const rows = c.scratch.template stream<T>(d_q.batch, queries, dim);
    if constexpr (QkvFlow<F>::learns) {
      c.backend.copy(k.in.range(first, queries), rows);
      c.backend.linear_weight(d_q.flat(), rows.flat(), g.qkv.weight.middle_rows(0, dim),
                              bias(g.qkv.bias, 0, dim));
      c.backend.linear_weight(d_kv.flat(), k.in.flat(), g.qkv.weight.middle_rows(dim, 2 * dim),
                              bias(g.qkv.bias, dim, 2 * dim));
    }
    if constexpr (F::below) {
      c.backend.linear_input(d_kv.flat(), p.qkv.weight.middle_rows(dim, 2 * dim), dx.flat());
      c.backend.linear_input(d_q.flat(), p.qkv.weight.middle_rows(0, dim), rows.flat());
      c.backend.add(rows, dx.range(first, queries));
    }
  }
};

}  // namespace vlpt
