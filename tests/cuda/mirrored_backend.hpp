#pragma once
#include "cuda/mirrored.hpp"
#include "vlpt/core/bf16.hpp"
#include "vlpt/core/random.hpp"

namespace vlpt::test {

/// A backend that keeps its memory apart, with the face of one that does not: every call's operands
/// are copied there and back. So tests of host backends are tests of it.
template <class B>
class Mirrored {
  using T = typename B::Scalar;

 public:
  using Scalar = T;
  using Memory = HostMemory;
  static constexpr std::string_view name = B::name;

  void fill(Stream<T> y, T a) const { call(&B::fill, y, a); }
  void copy(Stream<T const> x, Stream<T> y) const { call(&B::copy, x, y); }
  void add(Stream<T const> x, Stream<T> y) const { call(&B::add, x, y); }
  void scale(Sum<T> a, Stream<T> y) const { call(&B::scale, a, y); }
  void gather(Stream<T const> x, Index const* i, Stream<T> y) const { call(&B::gather, x, i, y); }
  void scatter_add(Stream<T const> x, Index const* i, Stream<T> y) const {
    call(&B::scatter_add, x, i, y);
  }
  void linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const {
    call(&B::linear, x, w, b, y);
  }
  template <class F>
  void linear_activate(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                       View<T> y) const {
    call(&B::template linear_activate<F>, x, w, b, before, y);
  }
  void linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                  View<T> y) const {
    call(&B::linear_add, x, w, b, r, y);
  }
  void linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
    call(&B::linear_input, dy, w, dx);
  }
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw, View<T> db) const {
    call(&B::linear_weight, dy, x, dw, db);
  }
  void layer_norm(View<T const> x, View<T const> gamma, View<T const> beta, double eps, View<T> y,
                  View<Sum<T>> stats) const {
    call(&B::layer_norm, x, gamma, beta, eps, y, stats);
  }
  void layer_norm_reverse(View<T const> dy, View<T const> x, View<Sum<T> const> stats,
                          View<T const> gamma, View<T> dx, View<T> dgamma, View<T> dbeta) const {
    call(&B::layer_norm_reverse, dy, x, stats, gamma, dx, dgamma, dbeta);
  }
  template <class F>
  void activate(View<T const> x, View<T> y) const {
    call(&B::template activate<F>, x, y);
  }
  template <class F>
  void activate_reverse(View<T const> dy, View<T const> x, View<T> dx) const {
    call(&B::template activate_reverse<F>, dy, x, dx);
  }
  void row_max(View<T const> x, View<T> y) const { call(&B::row_max, x, y); }
  void scale_rows(View<T const> a, View<T const> x, View<T> y) const {
    call(&B::scale_rows, a, x, y);
  }
  void softmax(View<T const> x, View<T> y) const { call(&B::softmax, x, y); }
  void softmax_reverse(View<T const> dy, View<T const> y, View<T> dx) const {
    call(&B::softmax_reverse, dy, y, dx);
  }
  void scale_by(View<T const> a, Stream<T const> x, Stream<T> y) const {
    call(&B::scale_by, a, x, y);
  }
  void add_scaled(View<T const> a, Stream<T const> x, Stream<T> y) const {
    call(&B::add_scaled, a, x, y);
  }
  void dot(Stream<T const> x, Stream<T const> y, View<T> a) const { call(&B::dot, x, y, a); }
  /// None of the host's: it lies beside the operands.
  [[nodiscard]] Index attention_scratch(Attention<T> const&) const { return 0; }
  void attend(Attention<T> const& a, Stream<T> out, T*) const {
    auto const scratch = scratch_for(a);
    call(&B::attend, a, out, reinterpret_cast<T*>(scratch.data()));
  }
  void attend_reverse(Attention<T> const& a, Stream<T const> d_out, AttentionGradients<T> const& g,
                      T*) const {
    auto const scratch = scratch_for(a);
    call(&B::attend_reverse, a, d_out, g, reinterpret_cast<T*>(scratch.data()));
  }
  void mean_rows(Stream<T const> x, View<T> y) const { call(&B::mean_rows, x, y); }
  void mean_rows_reverse(View<T const> dy, Stream<T> dx) const {
    call(&B::mean_rows_reverse, dy, dx);
  }
  void cross_entropy(View<T const> logits, Index const* labels, View<T const> weights, View<T> d,
                     View<Sum<T>> loss) const {
    call(&B::cross_entropy, logits, labels, weights, d, loss);
  }
  void binary_cross_entropy(View<T const> logits, View<T const> targets, View<T> d,
                            View<Sum<T>> loss) const {
    call(&B::binary_cross_entropy, logits, targets, d, loss);
  }
  void soft_cross_entropy(View<T const> logits, View<T const> targets, View<T> d,
                          View<Sum<T>> loss) const {
    call(&B::soft_cross_entropy, logits, targets, d, loss);
  }
  void squared_error(Stream<T const> x, Stream<T const> target, Stream<T> dx,
                     View<Sum<T>> loss) const {
    call(&B::squared_error, x, target, dx, loss);
  }
  void patches(Stream<T const> images, Index channels, Index patch, Stream<T> y) const {
    call(&B::patches, images, channels, patch, y);
  }
  void patches_reverse(Stream<T const> dy, Index channels, Index patch, Stream<T> images) const {
    call(&B::patches_reverse, dy, channels, patch, images);
  }
  void dropout(Random random, double rate, Index all_rows, Index first_row, Stream<T const> x,
               Stream<T> y) const {
    call(&B::dropout, random, rate, all_rows, first_row, x, y);
  }
  void narrow(View<T const> x, View<bf16> y) const { call(&B::narrow, x, y); }
  void widen(View<bf16 const> x, View<T> y) const { call(&B::widen, x, y); }
  void unit_rows(View<T const> x, View<T> y, View<T> lengths) const {
    call(&B::unit_rows, x, y, lengths);
  }
  void unit_rows_reverse(View<T const> dy, View<T const> y, View<T const> lengths,
                         View<T> dx) const {
    call(&B::unit_rows_reverse, dy, y, lengths, dx);
  }
  void clear_outside(Index const* first, Index const* last, T value, View<T> y) const {
    call(&B::clear_outside, first, last, value, y);
  }
  template <class Law>
  void update(Law const& law, View<T> v, View<T const> g, View<T> m, View<T> s) const {
    call(&B::template update<Law>, law, v, g, m, s);
  }
  void turn(View<T const> x, View<T> y) const { call(&B::turn, x, y); }

 private:
  template <class Member, class... Operands>
  void call(Member member, Operands const&... operands) const {
    Mirror<B> mirror(backend());
    (mirror.note(operands), ...);
    mirror.bring();
    (backend().*member)(mirror.there(operands)...);
    mirror.fetch();
  }
  [[nodiscard]] static typename B::Memory scratch_for(Attention<T> const& a) {
    return typename B::Memory(static_cast<std::size_t>(backend().attention_scratch(a)) * sizeof(T));
  }
  /// One for all: tests make a backend for each call.
  [[nodiscard]] static B const& backend() {
    static B const one;
    return one;
  }
};

}  // namespace vlpt::test
