#pragma once
#include <string_view>

#include "vlpt/core/arena.hpp"
#include "vlpt/kernels/backend.hpp"

namespace vlpt {

/// Does nothing, at compile time if asked. Counting<Nothing<T>> runs a model on null views: that
/// is how a cost is known before anything runs, and why it is the cost of what runs.
template <class T>
class Nothing {
 public:
  using Scalar = T;
  using Memory = HostMemory;
  static constexpr std::string_view name = "nothing";

  constexpr void fill(Stream<T>, T) const {}
  constexpr void copy(Stream<T const>, Stream<T>) const {}
  constexpr void add(Stream<T const>, Stream<T>) const {}
  constexpr void scale(Sum<T>, Stream<T>) const {}
  constexpr void gather(Stream<T const>, Index const*, Stream<T>) const {}
  constexpr void scatter_add(Stream<T const>, Index const*, Stream<T>) const {}
  constexpr void linear(View<T const>, View<T const>, View<T const>, View<T>) const {}
  template <class F>
  constexpr void linear_activate(View<T const>, View<T const>, View<T const>, View<T>,
                                 View<T>) const {}
  constexpr void linear_add(View<T const>, View<T const>, View<T const>, View<T const>,
                            View<T>) const {}
  constexpr void linear_input(View<T const>, View<T const>, View<T>) const {}
  constexpr void linear_weight(View<T const>, View<T const>, View<T>, View<T>) const {}
  constexpr void layer_norm(View<T const>, View<T const>, View<T const>, double, View<T>,
                            View<Sum<T>>) const {}
  constexpr void layer_norm_reverse(View<T const>, View<T const>, View<Sum<T> const>, View<T const>,
                                    View<T>, View<T>, View<T>) const {}
  template <class F>
  constexpr void activate(View<T const>, View<T>) const {}
  template <class F>
  constexpr void activate_reverse(View<T const>, View<T const>, View<T>) const {}
  constexpr void row_max(View<T const>, View<T>) const {}
  constexpr void scale_rows(View<T const>, View<T const>, View<T>) const {}
  constexpr void softmax(View<T const>, View<T>) const {}
  constexpr void softmax_reverse(View<T const>, View<T const>, View<T>) const {}
  constexpr void scale_by(View<T const>, Stream<T const>, Stream<T>) const {}
  constexpr void add_scaled(View<T const>, Stream<T const>, Stream<T>) const {}
  constexpr void dot(Stream<T const>, Stream<T const>, View<T>) const {}
  [[nodiscard]] constexpr Index attention_scratch(Attention<T> const&) const { return 0; }
  constexpr void attend(Attention<T> const&, Stream<T>, T*) const {}
  constexpr void attend_reverse(Attention<T> const&, Stream<T const>, AttentionGradients<T> const&,
                                T*) const {}
  constexpr void mean_rows(Stream<T const>, View<T>) const {}
  constexpr void mean_rows_reverse(View<T const>, Stream<T>) const {}
  constexpr void cross_entropy(View<T const>, Index const*, View<T const>, View<T>,
                               View<Sum<T>>) const {}
  constexpr void binary_cross_entropy(View<T const>, View<T const>, View<T>, View<Sum<T>>) const {}
  constexpr void squared_error(Stream<T const>, Stream<T const>, Stream<T>, View<Sum<T>>) const {}
  constexpr void patches(Stream<T const>, Index, Index, Stream<T>) const {}
  constexpr void patches_reverse(Stream<T const>, Index, Index, Stream<T>) const {}
  constexpr void unit_rows(View<T const>, View<T>, View<T>) const {}
  constexpr void unit_rows_reverse(View<T const>, View<T const>, View<T const>, View<T>) const {}
  constexpr void clear_outside(Index const*, Index const*, T, View<T>) const {}
  constexpr void soft_cross_entropy(View<T const>, View<T const>, View<T>, View<Sum<T>>) const {}
  constexpr void narrow(View<T const>, View<bf16>) const {}
  constexpr void widen(View<bf16 const>, View<T>) const {}
  constexpr void dropout(Random, double, Index, Index, Stream<T const>, Stream<T>) const {}
};

}  // namespace vlpt
