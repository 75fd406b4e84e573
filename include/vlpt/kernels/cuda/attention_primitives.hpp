#pragma once
#include <type_traits>

#include "vlpt/core/error.hpp"
#include "vlpt/kernels/attention.hpp"
#include "vlpt/kernels/cuda/attend.cuh"
#include "vlpt/kernels/cuda/attend_bf16.cuh"
#include "vlpt/kernels/cuda/attend_reverse_key.cuh"
#include "vlpt/kernels/cuda/attend_reverse_key_bf16.cuh"
#include "vlpt/kernels/cuda/loss_primitives.hpp"

namespace vlpt::cuda {

/// Attention and its reverse, of heads of up to 128 columns: bf16 on the matrix units.
template <class T, class M>
class AttentionPrimitives : public LossPrimitives<T, M> {
  using Base = LossPrimitives<T, M>;
  using S = Sum<T>;
  using A = Attention<T>;
  static constexpr bool on_units = std::is_same_v<T, bf16>;
  static_assert(on_units || std::is_same_v<S, T>, "attention is in bf16, float or double");

 public:
  using Base::Base;

  /// Statistics of the queries, and each sample's gradients of extra rows: sums, in elements of T.
  [[nodiscard]] constexpr Index attention_scratch(A const& a) const {
    constexpr Index each = sizeof(S) / sizeof(T);
    return each * (statistics_size(a) + 2 * extra_size(a));
  }
  void attend(A const& a, Stream<T> out, T* /*scratch*/) const {
    if (out.empty()) return;
    at_head(a, [&](auto d) {
      constexpr int D = decltype(d)::value;
      if constexpr (on_units)
        attend_on_units<D>(a, out);
      else
        this->launch(Attend<T, D, A>(a, even_heads(a), out));
    });
  }
  /// requires scratch: aligned as an arena's.
  void attend_reverse(A const& a, Stream<T const> d_out, AttentionGradients<T> const& g,
                      T* scratch) const {
    if (a.query.batch == 0 || a.query.dim == 0) return;
    Index const count = a.query.batch * a.heads * a.query.tokens;
    S* const room = static_cast<S*>(static_cast<void*>(scratch));
    QueryStatistics<S> const statistics{room, count, a.query.tokens, a.heads};
    bool const even = even_heads(a) && (d_out.empty() || this->even(d_out));
    bool const own = g.key.data != nullptr;
    bool const extra = g.extra_key.data != nullptr && a.extra_key.tokens > 0;
    Stream<S> extra_key, extra_value;  // of each sample
    if (extra) {
      S* const first = room + statistics_size(a);
      extra_key = {first, a.query.batch, a.extra_key.tokens, a.query.dim};
      extra_value = {first + extra_size(a), a.query.batch, a.extra_key.tokens, a.query.dim};
    }
    at_head(a, [&](auto d) {
      constexpr int D = decltype(d)::value;
      if constexpr (on_units) {
        bool const all = even && even_or_null(g.query) && even_or_null(g.key) &&
                         even_or_null(g.value) && even_or_null(extra_key);
        this->launch(AttendReverseQueryBf16<D, A>(a, all, d_out, g.query, statistics));
        if (own || extra)
          this->launch(AttendReverseKeyBf16<D, A>(a, all, d_out, g.key, g.value, extra_key,
                                                  extra_value, statistics));
      } else {
        this->launch(AttendReverseQuery<T, D, A>(a, even, d_out, g.query, statistics));
        if (own || extra)
          this->launch(AttendReverseKey<T, D, A>(a, even, d_out, g.key, g.value, extra_key,
                                                 extra_value, statistics));
      }
    });
    if (!extra) return;
    this->launch_each(AddExtra<T, A>{a, extra_key, g.extra_key});
    this->launch_each(AddExtra<T, A>{a, extra_value, g.extra_value});
  }

 private:
  static constexpr Index extra_size(A const& a) {
    return a.query.batch * a.extra_key.tokens * a.query.dim;
  }
  /// A whole number of 16 bytes, so that what follows is as aligned as the scratch.
  static constexpr Index statistics_size(A const& a) {
    Index const n = (on_units ? 2 : 3) * a.query.batch * a.heads * a.query.tokens;
    return (n + 3) / 4 * 4;
  }
  /// Two strips of queries to a warp, where there are so many, halve what a warp reads of keys.
  template <int D>
  void attend_on_units(A const& a, Stream<T> out) const {
    bool const even = even_heads(a) && this->even(out);
    if constexpr (D <= 64)
      if (a.query.tokens > 64) return this->launch(AttendBf16<D, A, 2>(a, even, out));
    this->launch(AttendBf16<D, A, 1>(a, even, out));
  }
  template <class U>
  static bool even_or_null(Stream<U> s) {
    return s.data == nullptr || Base::even(s);
  }
  [[nodiscard]] static bool even_heads(A const& a) {
    bool const extra = a.extra_key.empty() || Base::all_even(a.extra_key, a.extra_value);
    return a.head_dim() % wide<T> == 0 && Base::all_even(a.query, a.key, a.value) && extra;
  }
  /// f(d) for the least width of a tile that holds a head, as a type.
  template <class F>
  static void at_head(A const& a, F const& f) {
    Index const width = a.head_dim();
    VLPT_CHECK(width <= 128, "attention on a GPU has heads of up to 128 columns, got ", width);
    if (width <= 32)
      f(std::integral_constant<int, 32>{});
    else if (width <= 64)
      f(std::integral_constant<int, 64>{});
    else
      f(std::integral_constant<int, 128>{});
  }
};

}  // namespace vlpt::cuda
