#pragma once
#include "vlpt/core/parallel.hpp"
#include "vlpt/kernels/attention.hpp"
#include "vlpt/kernels/cpu/products.hpp"

namespace vlpt {

/// Attention by Eigen, a head at a time and a tile of queries at a time, so that the scores of a
/// tile stay in cache. A part of Cpu<T>.
/// The reverse cuts the batch into groups by its size alone; the gradients of shared extra rows
/// are summed inside a group and then over the groups, always in the same order. Where tasks have
/// extra rows of their own, it is cut into tasks instead, and a task's samples are taken in order.
template <class T>
class CpuAttention {
 public:
  static constexpr Index tile = 64;          // queries whose scores are held at once
  static constexpr Index group_samples = 4;  // samples whose extra gradients share one partial sum

  static Index scratch(Attention<T> const& a, int threads) {
    Index const own = 2 * tile * a.keys() * threads;
    if (a.extra_key.tokens == 0) return own;
    return own + 2 * groups(a) * a.extra_key.tokens * a.query.dim;
  }

  static void forward(Team& team, Attention<T> const& a, Stream<T> out, T* scratch) {
    Index const d = a.head_dim();
    team.run(a.query.batch * a.heads, [&](Index task, int thread) {
      Index const b = task / a.heads, h = task % a.heads;
      T* const mine = scratch + thread * 2 * tile * a.keys();
      for (Index q = 0; q < a.query.tokens; q += tile) {
        Index const n = std::min(tile, a.query.tokens - q);
        Index const keys = a.key.tokens, extra = a.extra_count(b);
        View<T> const p(mine, n, keys + extra);
        probabilities(a, b, h, q, p);
        auto const o = head(out, b, h, d).middle_rows(q, n);
        Products::plain(p.middle_cols(0, keys), head(a.value, b, h, d), o);
        if (extra > 0)
          Products::plain(p.middle_cols(keys, extra), extra_head(a, a.extra_value, b, h), o, true);
      }
    });
  }

  static void reverse(Team& team, Attention<T> const& a, Stream<T const> d_out,
                      AttentionGradients<T> const& g, T* scratch) {
    Index const d = a.head_dim(), extra = a.extra_key.tokens, dim = a.query.dim;
    bool const shared = extra > 0 && g.extra_key.data != nullptr && g.extra_key.batch == 1;
    bool const by_task = extra > 0 && g.extra_key.data != nullptr && !shared && a.sets.by_task;
    Index const cuts = by_task ? g.extra_key.batch : groups(a);
    T* const partial = scratch + team.threads() * 2 * tile * a.keys();
    team.run(cuts * a.heads, [&](Index task, int thread) {
      Index const group = task / a.heads, h = task % a.heads;
      T* const mine = scratch + thread * 2 * tile * a.keys();
      Stream<T> dk, dv;  // of this group's extra rows
      if (shared) {
        dk = {partial + 2 * group * extra * dim, 1, extra, dim};
        dv = {partial + (2 * group + 1) * extra * dim, 1, extra, dim};
        eigen::map(head(dk, 0, h, d)).setZero();
        eigen::map(head(dv, 0, h, d)).setZero();
      } else if (extra > 0 && g.extra_key.data != nullptr) {
        dk = g.extra_key, dv = g.extra_value;
      }
      Index const first = by_task ? 0 : group * group_samples;
      Index const last = by_task ? a.query.batch : std::min(first + group_samples, a.query.batch);
      for (Index b = first; b < last; ++b) {
        if (by_task && a.extra_set(b) != group) continue;
        if (a.query.tokens == 0 && g.key.data != nullptr) {  // nobody reads these keys
          eigen::map(head(g.key, b, h, d)).setZero();
          eigen::map(head(g.value, b, h, d)).setZero();
        }
        sample_reverse(a, d_out, g, dk, dv, b, h, mine);
      }
    });
    if (!shared) return;
    for (Index group = 0; group < groups(a); ++group) {
      eigen::map(g.extra_key.sample(0)) +=
          eigen::map(View<T>(partial + 2 * group * extra * dim, extra, dim));
      eigen::map(g.extra_value.sample(0)) +=
          eigen::map(View<T>(partial + (2 * group + 1) * extra * dim, extra, dim));
    }
  }

 private:
  using Products = eigen::Products<T>;
  static Index groups(Attention<T> const& a) {
    return (a.query.batch + group_samples - 1) / group_samples;
  }
  template <class U>
  static View<U> head(Stream<U> s, Index b, Index h, Index d) {
    return s.sample(s.batch == 1 ? 0 : b).middle_cols(h * d, d);
  }
  /// The same of the extra rows that sample b reads.
  template <class U>
  static View<U> extra_head(Attention<T> const& a, Stream<U> s, Index b, Index h) {
    Index const d = a.head_dim();
    return s.sample(a.sets.set(b, s.batch)).middle_rows(0, a.extra_count(b)).middle_cols(h * d, d);
  }
  /// p (n, keys + extra) = softmax of the scaled scores of queries [q, q + n).
  static void probabilities(Attention<T> const& a, Index b, Index h, Index q, View<T> p) {
    Index const d = a.head_dim(), keys = a.key.tokens, extra = a.extra_count(b);
    auto const query = head(a.query, b, h, d).middle_rows(q, p.rows);
    Products::right_transposed(query, head(a.key, b, h, d), p.middle_cols(0, keys));
    if (extra > 0)
      Products::right_transposed(query, extra_head(a, a.extra_key, b, h),
                                 p.middle_cols(keys, extra));
    for (Index i = 0; i < p.rows; ++i) {
      auto r = eigen::row(p, i);
      r *= a.scale;
      if (a.key_mask != nullptr)
        for (Index j = 0; j < keys; ++j)
          if (a.masked(b, j)) r(j) = -std::numeric_limits<T>::infinity();
      for (Index j = a.seen(q + i); j < keys; ++j) r(j) = -std::numeric_limits<T>::infinity();
      T const top = r.maxCoeff();
      if (top == -std::numeric_limits<T>::infinity()) {
        r.setZero();  // every key is masked: attend to nothing
        continue;
      }
      r = (r - top).exp();
      r *= T(1) / r.sum();
    }
  }
  static void sample_reverse(Attention<T> const& a, Stream<T const> d_out,
                             AttentionGradients<T> const& g, Stream<T> dek, Stream<T> dev, Index b,
                             Index h, T* mine) {
    Index const d = a.head_dim(), keys = a.key.tokens, extra = a.extra_count(b);
    for (Index q = 0; q < a.query.tokens; q += tile) {
      Index const n = std::min(tile, a.query.tokens - q);
      View<T> const p(mine, n, keys + extra), ds(mine + tile * a.keys(), n, keys + extra);
      probabilities(a, b, h, q, p);
      auto const dy = head(d_out, b, h, d).middle_rows(q, n);
      Products::right_transposed(dy, head(a.value, b, h, d), ds.middle_cols(0, keys));
      if (extra > 0)
        Products::right_transposed(dy, extra_head(a, a.extra_value, b, h),
                                   ds.middle_cols(keys, extra));
      for (Index i = 0; i < n; ++i) {
        auto s = eigen::row(ds, i);
        auto const r = eigen::row(p, i);
        T const mean = (s * r).sum();
        s = a.scale * r * (s - mean);
      }
      auto const query = head(a.query, b, h, d).middle_rows(q, n);
      if (g.query.data != nullptr) {
        auto const dq = head(g.query, b, h, d).middle_rows(q, n);
        Products::plain(ds.middle_cols(0, keys), head(a.key, b, h, d), dq);
        if (extra > 0)
          Products::plain(ds.middle_cols(keys, extra), extra_head(a, a.extra_key, b, h), dq, true);
      }
      if (g.key.data != nullptr)
        accumulate(ds.middle_cols(0, keys), p.middle_cols(0, keys), query, dy, head(g.key, b, h, d),
                   head(g.value, b, h, d), q == 0);
      if (dek.data != nullptr)
        accumulate(ds.middle_cols(keys, extra), p.middle_cols(keys, extra), query, dy,
                   extra_head(a, dek, b, h), extra_head(a, dev, b, h), false);
    }
  }
  static void accumulate(View<T> ds, View<T> p, View<T const> query, View<T const> dy, View<T> dk,
                         View<T> dv, bool overwrite) {
    Products::left_transposed(ds, query, dk, !overwrite);
    Products::left_transposed(p, dy, dv, !overwrite);
  }
};

}  // namespace vlpt
