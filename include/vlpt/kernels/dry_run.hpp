#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "vlpt/core/real.hpp"
#include "vlpt/core/work_by_stage.hpp"
#include "vlpt/kernels/apart.hpp"
#include "vlpt/kernels/backend.hpp"

namespace vlpt {

/// Backend B, or nothing: a dry run on null views asks for the scratch that B would ask for and
/// computes nothing, so it is the memory plan of the same run on B. One type for both, and
/// primitives that are not inlined, because a model is then compiled once a flow, not twice.
template <class B>
class DryRun {
 public:
  using Scalar = typename B::Scalar;
  using Memory = typename B::Memory;
  using T = Scalar;
  static constexpr std::string_view name = B::name;

  explicit DryRun(B const& inner, bool dry = true) : inner_(inner), dry_(dry) {}

  // Copies, where B keeps its memory apart.
  void bring(std::span<std::byte const> here, std::byte* there) const requires KeepsApart<B> {
    if (!dry_) inner_.bring(here, there);
  }
  void fetch(std::byte const* there, std::span<std::byte> here) const requires KeepsApart<B> {
    if (!dry_) inner_.fetch(there, here);
  }

  // Stages, where B counts by them.
  void enter(StageName stage) const requires requires(B const& b) { b.enter(stage); }
  {
    // Asked again: clang 14 instantiates this for a backend without stages, if all of it is.
    if constexpr (requires { inner_.enter(stage); })
      if (!dry_) inner_.enter(stage);
  }
  void leave() const requires requires(B const& b) { b.leave(); }
  {
    if constexpr (requires { inner_.leave(); })
      if (!dry_) inner_.leave();
  }

  [[gnu::noinline]] void fill(Stream<T> y, T value) const {
    if (!dry_) inner_.fill(y, value);
  }
  [[gnu::noinline]] void copy(Stream<T const> x, Stream<T> y) const {
    if (!dry_) inner_.copy(x, y);
  }
  [[gnu::noinline]] void add(Stream<T const> x, Stream<T> y) const {
    if (!dry_) inner_.add(x, y);
  }
  [[gnu::noinline]] void scale(Sum<T> a, Stream<T> y) const {
    if (!dry_) inner_.scale(a, y);
  }
  [[gnu::noinline]] void gather(Stream<T const> x, Index const* i, Stream<T> y) const {
    if (!dry_) inner_.gather(x, i, y);
  }
  [[gnu::noinline]] void scatter_add(Stream<T const> x, Index const* i, Stream<T> y) const {
    if (!dry_) inner_.scatter_add(x, i, y);
  }
  [[gnu::noinline]] void linear(View<T const> x, View<T const> w, View<T const> b,
                                View<T> y) const {
    if (!dry_) inner_.linear(x, w, b, y);
  }
  template <class F>
  [[gnu::noinline]] void linear_activate(View<T const> x, View<T const> w, View<T const> b,
                                         View<T> before, View<T> y) const {
    if (!dry_) inner_.template linear_activate<F>(x, w, b, before, y);
  }
  [[gnu::noinline]] void linear_add(View<T const> x, View<T const> w, View<T const> b,
                                    View<T const> r, View<T> y) const {
    if (!dry_) inner_.linear_add(x, w, b, r, y);
  }
  [[gnu::noinline]] void linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
    if (!dry_) inner_.linear_input(dy, w, dx);
  }
  [[gnu::noinline]] void linear_weight(View<T const> dy, View<T const> x, View<T> dw,
                                       View<T> db) const {
    if (!dry_) inner_.linear_weight(dy, x, dw, db);
  }
  [[gnu::noinline]] void layer_norm(View<T const> x, View<T const> gamma, View<T const> beta,
                                    double eps, View<T> y, View<Sum<T>> stats) const {
    if (!dry_) inner_.layer_norm(x, gamma, beta, eps, y, stats);
  }
  [[gnu::noinline]] void layer_norm_reverse(View<T const> dy, View<T const> x,
                                            View<Sum<T> const> stats, View<T const> gamma,
                                            View<T> dx, View<T> dgamma, View<T> dbeta) const {
    if (!dry_) inner_.layer_norm_reverse(dy, x, stats, gamma, dx, dgamma, dbeta);
  }
  template <class F>
  [[gnu::noinline]] void activate(View<T const> x, View<T> y) const {
    if (!dry_) inner_.template activate<F>(x, y);
  }
  template <class F>
  [[gnu::noinline]] void activate_reverse(View<T const> dy, View<T const> x, View<T> dx) const {
    if (!dry_) inner_.template activate_reverse<F>(dy, x, dx);
  }
  [[gnu::noinline]] void row_max(View<T const> x, View<T> y) const {
    if (!dry_) inner_.row_max(x, y);
  }
  [[gnu::noinline]] void scale_rows(View<T const> a, View<T const> x, View<T> y) const {
    if (!dry_) inner_.scale_rows(a, x, y);
  }
  [[gnu::noinline]] void softmax(View<T const> x, View<T> y) const {
    if (!dry_) inner_.softmax(x, y);
  }
  [[gnu::noinline]] void softmax_reverse(View<T const> dy, View<T const> y, View<T> dx) const {
    if (!dry_) inner_.softmax_reverse(dy, y, dx);
  }
  [[gnu::noinline]] void scale_by(View<T const> a, Stream<T const> x, Stream<T> y) const {
    if (!dry_) inner_.scale_by(a, x, y);
  }
  [[gnu::noinline]] void add_scaled(View<T const> a, Stream<T const> x, Stream<T> y) const {
    if (!dry_) inner_.add_scaled(a, x, y);
  }
  [[gnu::noinline]] void dot(Stream<T const> x, Stream<T const> y, View<T> a) const {
    if (!dry_) inner_.dot(x, y, a);
  }
  [[nodiscard]] Index attention_scratch(Attention<T> const& a) const {
    return inner_.attention_scratch(a);
  }
  [[gnu::noinline]] void attend(Attention<T> const& a, Stream<T> out, T* scratch) const {
    if (!dry_) inner_.attend(a, out, scratch);
  }
  [[gnu::noinline]] void attend_reverse(Attention<T> const& a, Stream<T const> d_out,
                                        AttentionGradients<T> const& g, T* scratch) const {
    if (!dry_) inner_.attend_reverse(a, d_out, g, scratch);
  }
  [[gnu::noinline]] void mean_rows(Stream<T const> x, View<T> y) const {
    if (!dry_) inner_.mean_rows(x, y);
  }
  [[gnu::noinline]] void mean_rows_reverse(View<T const> dy, Stream<T> dx) const {
    if (!dry_) inner_.mean_rows_reverse(dy, dx);
  }
  void cross_entropy(View<T const> logits, Index const* labels, View<T const> weights,
                     View<T> d_logits, View<Sum<T>> loss) const {
    if (!dry_) inner_.cross_entropy(logits, labels, weights, d_logits, loss);
  }
  void binary_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                            View<Sum<T>> loss) const {
    if (!dry_) inner_.binary_cross_entropy(logits, targets, d_logits, loss);
  }
  void squared_error(Stream<T const> x, Stream<T const> target, Stream<T> dx,
                     View<Sum<T>> loss) const {
    if (!dry_) inner_.squared_error(x, target, dx, loss);
  }
  void soft_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                          View<Sum<T>> loss) const {
    if (!dry_) inner_.soft_cross_entropy(logits, targets, d_logits, loss);
  }
  [[gnu::noinline]] void patches(Stream<T const> images, Index channels, Index patch,
                                 Stream<T> y) const {
    if (!dry_) inner_.patches(images, channels, patch, y);
  }
  [[gnu::noinline]] void patches_reverse(Stream<T const> dy, Index channels, Index patch,
                                         Stream<T> d_images) const {
    if (!dry_) inner_.patches_reverse(dy, channels, patch, d_images);
  }
  [[gnu::noinline]] void unit_rows(View<T const> x, View<T> y, View<T> lengths) const {
    if (!dry_) inner_.unit_rows(x, y, lengths);
  }
  [[gnu::noinline]] void unit_rows_reverse(View<T const> dy, View<T const> y, View<T const> lengths,
                                           View<T> dx) const {
    if (!dry_) inner_.unit_rows_reverse(dy, y, lengths, dx);
  }
  [[gnu::noinline]] void clear_outside(Index const* first, Index const* last, T value,
                                       View<T> y) const {
    if (!dry_) inner_.clear_outside(first, last, value, y);
  }
  [[gnu::noinline]] void narrow(View<T const> x, View<bf16> y) const {
    if (!dry_) inner_.narrow(x, y);
  }
  [[gnu::noinline]] void widen(View<bf16 const> x, View<T> y) const {
    if (!dry_) inner_.widen(x, y);
  }
  [[gnu::noinline]] void dropout(Random random, double rate, Index all_rows, Index first_row,
                                 Stream<T const> x, Stream<T> y) const {
    if (!dry_) inner_.dropout(random, rate, all_rows, first_row, x, y);
  }

 private:
  B const& inner_;
  bool dry_;
};

}  // namespace vlpt
