#pragma once
#include <type_traits>

#include "vlpt/core/error.hpp"
#include "vlpt/kernels/attention.hpp"
#include "vlpt/kernels/cuda/attend.cuh"
#include "vlpt/kernels/cuda/attend_reverse_key.cuh"
#include "vlpt/kernels/cuda/loss_primitives.hpp"

namespace vlpt::cuda {

/// Attention and its reverse, of heads of up to 128 columns.
template <class T, class M>
class AttentionPrimitives : public LossPrimitives<T, M> {
  using Base = LossPrimitives<T, M>;
  using S = Sum<T>;

 public:
  using Base::Base;

  /// Statistics of the queries, and each sample's gradients of extra rows.
  [[nodiscard]] constexpr Index attention_scratch(Attention<T> const& a) const {
    return 3 * static_cast<Index>(sizeof(S) / sizeof(T)) * a.query.batch * a.heads *
               a.query.tokens +
           2 * extra_size(a);
  }
  void attend(Attention<T> const& a, Stream<T> out, T* /*scratch*/) const {
    if (out.empty()) return;
    at_head(a, [&](auto d) {
      this->launch(Attend<T, decltype(d)::value, Attention<T>>(a, even_heads(a), out));
    });
  }
  void attend_reverse(Attention<T> const& a, Stream<T const> d_out, AttentionGradients<T> const& g,
                      T* scratch) const {
    if (a.query.batch == 0 || a.query.dim == 0) return;
    Index const count = a.query.batch * a.heads * a.query.tokens;
    QueryStatistics<S> const statistics{reinterpret_cast<S*>(scratch), count, a.query.tokens,
                                        a.heads};
    bool const even = even_heads(a) && (d_out.empty() || this->even(d_out));
    bool const own = g.key.data != nullptr;
    bool const extra = g.extra_key.data != nullptr && a.extra_key.tokens > 0;
    Stream<T> extra_key, extra_value;  // of each sample
    if (extra) {
      T* const room = scratch + 3 * static_cast<Index>(sizeof(S) / sizeof(T)) * count;
      extra_key = {room, a.query.batch, a.extra_key.tokens, a.query.dim};
      extra_value = {room + extra_size(a), a.query.batch, a.extra_key.tokens, a.query.dim};
    }
    at_head(a, [&](auto d) {
      constexpr int D = decltype(d)::value;
      this->launch(AttendReverseQuery<T, D, Attention<T>>(a, even, d_out, g.query, statistics));
      if (own || extra)
        this->launch(AttendReverseKey<T, D, Attention<T>>(a, even, d_out, g.key, g.value, extra_key,
                                                          extra_value, statistics));
    });
    if (!extra) return;
    this->launch_each(AddExtra<T, Attention<T>>{a, extra_key, g.extra_key});
    this->launch_each(AddExtra<T, Attention<T>>{a, extra_value, g.extra_value});
  }

 private:
  static constexpr Index extra_size(Attention<T> const& a) {
    return a.query.batch * a.extra_key.tokens * a.query.dim;
  }
  [[nodiscard]] static bool even_heads(Attention<T> const& a) {
    bool const extra = a.extra_key.empty() || Base::all_even(a.extra_key, a.extra_value);
    return a.head_dim() % wide<T> == 0 && Base::all_even(a.query, a.key, a.value) && extra;
  }
  /// f(d) for the least width of a tile that holds a head, as a type.
  template <class F>
  static void at_head(Attention<T> const& a, F const& f) {
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
