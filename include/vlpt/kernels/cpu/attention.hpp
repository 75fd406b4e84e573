#pragma once
#include "vlpt/kernels/cpu/heads.hpp"
#include "vlpt/kernels/cpu/products.hpp"

namespace vlpt {

/// One head by Eigen, a tile of queries at a time, so that the scores of a tile stay in cache. A
/// part of Cpu<T>.
template <class T>
struct EigenHead {
  static constexpr Index tile = 64;  // queries whose scores are held at once

  [[nodiscard]] static Index scratch(Attention<T> const& a) { return 2 * tile * a.keys(); }

  static void forward(Attention<T> const& a, Index b, Index h, Stream<T> out, T* scratch) {
    Index const d = a.head_dim();
    for (Index q = 0; q < a.query.tokens; q += tile) {
      Index const n = std::min(tile, a.query.tokens - q);
      Index const keys = a.key.tokens, extra = a.extra_count(b);
      View<T> const p(scratch, n, keys + extra);
      probabilities(a, b, h, q, p);
      auto const o = head_of(out, b, h, d).middle_rows(q, n);
      Products::plain(p.middle_cols(0, keys), head_of(a.value, b, h, d), o);
      if (extra > 0)
        Products::plain(p.middle_cols(keys, extra), a.extra_head(a.extra_value, b, h), o, true);
    }
  }
  static void reverse(Attention<T> const& a, Stream<T const> d_out, AttentionGradients<T> const& g,
                      Stream<T> dek, Stream<T> dev, Index b, Index h, T* scratch) {
    Index const d = a.head_dim(), keys = a.key.tokens, extra = a.extra_count(b);
    for (Index q = 0; q < a.query.tokens; q += tile) {
      Index const n = std::min(tile, a.query.tokens - q);
      View<T> const p(scratch, n, keys + extra), ds(scratch + tile * a.keys(), n, keys + extra);
      probabilities(a, b, h, q, p);
      auto const dy = head_of(d_out, b, h, d).middle_rows(q, n);
      Products::right_transposed(dy, head_of(a.value, b, h, d), ds.middle_cols(0, keys));
      if (extra > 0)
        Products::right_transposed(dy, a.extra_head(a.extra_value, b, h),
                                   ds.middle_cols(keys, extra));
      for (Index i = 0; i < n; ++i) {
        auto s = eigen::row(ds, i);
        auto const r = eigen::row(p, i);
        T const mean = (s * r).sum();
        s = a.scale * r * (s - mean);
      }
      auto const query = head_of(a.query, b, h, d).middle_rows(q, n);
      if (g.query.data != nullptr) {
        auto const dq = head_of(g.query, b, h, d).middle_rows(q, n);
        Products::plain(ds.middle_cols(0, keys), head_of(a.key, b, h, d), dq);
        if (extra > 0)
          Products::plain(ds.middle_cols(keys, extra), a.extra_head(a.extra_key, b, h), dq, true);
      }
      if (g.key.data != nullptr)
        accumulate(ds.middle_cols(0, keys), p.middle_cols(0, keys), query, dy,
                   head_of(g.key, b, h, d), head_of(g.value, b, h, d), q == 0);
      if (dek.data != nullptr)
        accumulate(ds.middle_cols(keys, extra), p.middle_cols(keys, extra), query, dy,
                   a.extra_head(dek, b, h), a.extra_head(dev, b, h), false);
    }
  }

 private:
  using Products = eigen::Products<T>;
  /// p (n, keys + extra) = softmax of the scaled scores of queries [q, q + n).
  static void probabilities(Attention<T> const& a, Index b, Index h, Index q, View<T> p) {
    Index const d = a.head_dim(), keys = a.key.tokens, extra = a.extra_count(b);
    auto const query = head_of(a.query, b, h, d).middle_rows(q, p.rows);
    Products::right_transposed(query, head_of(a.key, b, h, d), p.middle_cols(0, keys));
    if (extra > 0)
      Products::right_transposed(query, a.extra_head(a.extra_key, b, h),
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
  static void accumulate(View<T> ds, View<T> p, View<T const> query, View<T const> dy, View<T> dk,
                         View<T> dv, bool overwrite) {
    Products::left_transposed(ds, query, dk, !overwrite);
    Products::left_transposed(p, dy, dv, !overwrite);
  }
};

}  // namespace vlpt
