#pragma once
#include <cmath>
#include <type_traits>

#include "vlpt/kernels/attention.hpp"

namespace vlpt {

/// Attention and its reverse in plain loops, one query at a time: a part of Reference<T>.
template <class T>
class ReferenceAttention {
 public:
  /// What products add up in: sums of floats lose nothing that the caller could see.
  using Sum = std::conditional_t<sizeof(T) < sizeof(double), double, T>;

  /// Elements of scratch that attend and attend_reverse need.
  [[nodiscard]] constexpr Index attention_scratch(Attention<T> const& a) const {
    return 2 * a.keys();
  }
  void attend(Attention<T> const& a, Stream<T> out, T* scratch) const {
    Index const d = a.head_dim();
    each_query(a, [&](Index b, Index h, Index i) {
      probabilities(a, b, h, i, scratch);
      for (Index c = h * d; c < (h + 1) * d; ++c) {
        Sum sum(0);
        for (Index j = 0; j < keys(a, b); ++j)
          sum += Sum(scratch[j]) * Sum(at(a, a.value, a.extra_value, b, j)[c]);
        out.sample(b)(i, c) = static_cast<T>(sum);
      }
    });
  }
  /// Recomputes the probabilities p; with dp = d_out v^T: ds = scale p (dp - sum(p dp)).
  void attend_reverse(Attention<T> const& a, Stream<T const> d_out, AttentionGradients<T> const& g,
                      T* scratch) const {
    Index const d = a.head_dim();
    if (g.query.data != nullptr) zero(g.query);
    if (g.key.data != nullptr) zero(g.key), zero(g.value);
    T* const p = scratch;
    T* const ds = scratch + a.keys();
    each_query(a, [&](Index b, Index h, Index i) {
      probabilities(a, b, h, i, p);
      T const* const dy = d_out.sample(b).row(i);
      T mean = T(0);
      for (Index j = 0; j < keys(a, b); ++j) {
        ds[j] = T(0);
        for (Index c = h * d; c < (h + 1) * d; ++c)
          ds[j] += dy[c] * at(a, a.value, a.extra_value, b, j)[c];
        mean += p[j] * ds[j];
      }
      T const* const q = a.query.sample(b).row(i);
      for (Index j = 0; j < keys(a, b); ++j) {
        T const s = a.scale * p[j] * (ds[j] - mean);
        T* const dk = gradient(a, g.key, g.extra_key, b, j);
        T* const dv = gradient(a, g.value, g.extra_value, b, j);
        for (Index c = h * d; c < (h + 1) * d; ++c) {
          if (g.query.data != nullptr)
            g.query.sample(b)(i, c) += s * at(a, a.key, a.extra_key, b, j)[c];
          if (dk != nullptr) dk[c] += s * q[c], dv[c] += p[j] * dy[c];
        }
      }
    });
  }

 private:
  /// Keys that a query of sample b reads.
  static Index keys(Attention<T> const& a, Index b) { return a.key.tokens + a.extra_count(b); }
  static void zero(Stream<T> const& y) {
    for (Index b = 0; b < y.batch; ++b)
      for (Index r = 0; r < y.tokens; ++r)
        for (Index c = 0; c < y.dim; ++c) y.sample(b)(r, c) = T(0);
  }
  template <class F>
  static void each_query(Attention<T> const& a, F const& f) {
    for (Index b = 0; b < a.query.batch; ++b)
      for (Index h = 0; h < a.heads; ++h)
        for (Index i = 0; i < a.query.tokens; ++i) f(b, h, i);
  }
  /// Row j of the keys (or values) of sample b, the extra rows behind the ordinary ones.
  static T const* at(Attention<T> const& a, Stream<T const> const& own,
                     Stream<T const> const& extra, Index b, Index j) {
    if (j < own.tokens) return own.sample(b).row(j);
    return extra.sample(a.extra_set(b)).row(j - own.tokens);
  }
  /// Null where no gradient is wanted.
  static T* gradient(Attention<T> const& a, Stream<T> const& own, Stream<T> const& extra, Index b,
                     Index j) {
    if (j < a.key.tokens) return own.sample(b).row(j);
    return extra.sample(a.sets.set(b, extra.batch)).row(j - a.key.tokens);
  }
  static void probabilities(Attention<T> const& a, Index b, Index h, Index i, T* p) {
    using std::exp;
    Index const d = a.head_dim();
    T const* const q = a.query.sample(b).row(i);
    Sum top(0), sum(0);
    auto const score = [&](Index j) {
      Sum s(0);
      for (Index c = h * d; c < (h + 1) * d; ++c)
        s += Sum(q[c]) * Sum(at(a, a.key, a.extra_key, b, j)[c]);
      return s * Sum(a.scale);
    };
    bool any = false;
    for (Index j = 0; j < keys(a, b); ++j) {
      if (hidden(a, b, i, j)) continue;
      Sum const s = score(j);
      if (!any || s > top) top = s;
      any = true;
    }
    for (Index j = 0; j < keys(a, b); ++j) {
      p[j] = hidden(a, b, i, j) ? T(0) : static_cast<T>(exp(score(j) - top));
      sum += Sum(p[j]);
    }
    for (Index j = 0; j < keys(a, b); ++j) p[j] = any ? static_cast<T>(Sum(p[j]) / sum) : T(0);
  }
  static bool hidden(Attention<T> const& a, Index b, Index i, Index j) {
    return a.masked(b, j) || (j < a.key.tokens && j >= a.seen(i));
  }
};

}  // namespace vlpt
