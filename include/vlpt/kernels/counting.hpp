#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "vlpt/core/work_by_stage.hpp"
#include "vlpt/kernels/apart.hpp"
#include "vlpt/kernels/backend.hpp"

namespace vlpt {

/// Wraps a backend and counts what it is asked to do into a Work that somebody else owns, and, if
/// asked, in which stage.
template <class B>
class Counting {
 public:
  using Scalar = typename B::Scalar;
  using Memory = typename B::Memory;
  using T = Scalar;
  static constexpr std::string_view name = "counting";

  constexpr explicit Counting(Work& work, B inner = B{}) : work_(&work), inner_(std::move(inner)) {}
  constexpr Counting(Work& work, WorkByStage& stages, B inner = B{})
      : work_(&work), stages_(&stages), inner_(std::move(inner)) {}

  // Copies, where B keeps its memory apart: no work.
  void bring(std::span<std::byte const> here, std::byte* there) const requires KeepsApart<B> {
    inner_.bring(here, there);
  }
  void fetch(std::byte const* there, std::span<std::byte> here) const requires KeepsApart<B> {
    inner_.fetch(there, here);
  }

  constexpr void enter(StageName stage) const {
    if (stages_ != nullptr) stages_->enter(stage, *work_);
  }
  constexpr void leave() const {
    if (stages_ != nullptr) stages_->leave(*work_);
  }

  constexpr void fill(Stream<T> y, T value) const {
    moves(y);
    inner_.fill(y, value);
  }
  constexpr void copy(Stream<T const> x, Stream<T> y) const {
    moves(x, y);
    inner_.copy(x, y);
  }
  constexpr void add(Stream<T const> x, Stream<T> y) const {
    moves(x, y, y);
    inner_.add(x, y);
  }
  constexpr void scale(Sum<T> a, Stream<T> y) const {
    moves(y, y);
    inner_.scale(a, y);
  }
  constexpr void gather(Stream<T const> x, Index const* i, Stream<T> y) const {
    moves(y, y);
    inner_.gather(x, i, y);
  }
  constexpr void scatter_add(Stream<T const> x, Index const* i, Stream<T> y) const {
    moves(x, x, x);
    inner_.scatter_add(x, i, y);
  }
  constexpr void linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const {
    work_->product_macs += x.rows * x.cols * y.cols;
    moves(x, w, b, y);
    inner_.linear(x, w, b, y);
  }
  template <class F>
  constexpr void linear_activate(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                                 View<T> y) const {
    work_->product_macs += x.rows * x.cols * y.cols;
    work_->activation_elements += y.size();
    moves(x, w, b, before, y);
    inner_.template linear_activate<F>(x, w, b, before, y);
  }
  constexpr void linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                            View<T> y) const {
    work_->product_macs += x.rows * x.cols * y.cols;
    moves(x, w, b, r, y);
    inner_.linear_add(x, w, b, r, y);
  }
  constexpr void linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
    work_->product_macs += dy.rows * dy.cols * dx.cols;
    moves(dy, w, dx);
    inner_.linear_input(dy, w, dx);
  }
  constexpr void linear_weight(View<T const> dy, View<T const> x, View<T> dw, View<T> db) const {
    work_->product_macs += dy.rows * dw.size();
    moves(dy, x, dw, dw, db, db);
    inner_.linear_weight(dy, x, dw, db);
  }
  constexpr void layer_norm(View<T const> x, View<T const> gamma, View<T const> beta, double eps,
                            View<T> y, View<Sum<T>> stats) const {
    work_->norm_elements += x.size();
    moves(x, gamma, beta, y, stats);
    inner_.layer_norm(x, gamma, beta, eps, y, stats);
  }
  constexpr void layer_norm_reverse(View<T const> dy, View<T const> x, View<Sum<T> const> stats,
                                    View<T const> gamma, View<T> dx, View<T> dgamma,
                                    View<T> dbeta) const {
    work_->norm_elements += x.size();
    moves(dy, x, stats, gamma, dx, dgamma, dgamma, dbeta, dbeta);
    inner_.layer_norm_reverse(dy, x, stats, gamma, dx, dgamma, dbeta);
  }
  template <class F>
  constexpr void activate(View<T const> x, View<T> y) const {
    work_->activation_elements += x.size();
    moves(x, y);
    inner_.template activate<F>(x, y);
  }
  template <class F>
  constexpr void activate_reverse(View<T const> dy, View<T const> x, View<T> dx) const {
    work_->activation_elements += x.size();
    moves(dy, x, dx);
    inner_.template activate_reverse<F>(dy, x, dx);
  }
  constexpr void row_max(View<T const> x, View<T> y) const {
    moves(x, y);
    inner_.row_max(x, y);
  }
  constexpr void scale_rows(View<T const> a, View<T const> x, View<T> y) const {
    moves(a, x, y);
    inner_.scale_rows(a, x, y);
  }
  constexpr void softmax(View<T const> x, View<T> y) const {
    work_->softmax_elements += x.size();
    moves(x, y);
    inner_.softmax(x, y);
  }
  constexpr void softmax_reverse(View<T const> dy, View<T const> y, View<T> dx) const {
    work_->softmax_elements += y.size();
    moves(dy, y, dx);
    inner_.softmax_reverse(dy, y, dx);
  }
  constexpr void scale_by(View<T const> a, Stream<T const> x, Stream<T> y) const {
    moves(a, x, y);
    inner_.scale_by(a, x, y);
  }
  constexpr void add_scaled(View<T const> a, Stream<T const> x, Stream<T> y) const {
    moves(a, x, y, y);
    inner_.add_scaled(a, x, y);
  }
  constexpr void dot(Stream<T const> x, Stream<T const> y, View<T> a) const {
    moves(x, y, a, a);
    inner_.dot(x, y, a);
  }
  [[nodiscard]] constexpr Index attention_scratch(Attention<T> const& a) const {
    return inner_.attention_scratch(a);
  }
  constexpr void attend(Attention<T> const& a, Stream<T> out, T* scratch) const {
    work_->attention_macs += 2 * a.query.tokens * a.query.dim * pairs(a);
    work_->softmax_elements += a.query.tokens * a.heads * pairs(a);
    moves(a.query, a.key, a.value, a.extra_key, a.extra_value, out);
    inner_.attend(a, out, scratch);
  }
  constexpr void attend_reverse(Attention<T> const& a, Stream<T const> d_out,
                                AttentionGradients<T> const& g, T* scratch) const {
    Index const q = a.query.tokens * a.query.dim;
    work_->attention_macs += 2 * q * pairs(a);  // the scores again, and d_out value^T
    if (!g.query.empty()) work_->attention_macs += q * pairs(a);
    if (!g.key.empty()) work_->attention_macs += 2 * q * a.query.batch * a.key.tokens;
    if (!g.extra_key.empty()) work_->attention_macs += 2 * q * a.all_extra();
    work_->softmax_elements += a.query.tokens * a.heads * pairs(a);
    moves(a.query, a.key, a.value, a.extra_key, a.extra_value, d_out, g.query, g.key, g.value,
          g.extra_key, g.extra_key, g.extra_value, g.extra_value);
    inner_.attend_reverse(a, d_out, g, scratch);
  }
  constexpr void mean_rows(Stream<T const> x, View<T> y) const {
    moves(x, y);
    inner_.mean_rows(x, y);
  }
  constexpr void mean_rows_reverse(View<T const> dy, Stream<T> dx) const {
    moves(dy, dx);
    inner_.mean_rows_reverse(dy, dx);
  }
  constexpr void cross_entropy(View<T const> logits, Index const* labels, View<T const> weights,
                               View<T> d_logits, View<Sum<T>> loss) const {
    moves(logits, weights, d_logits);
    inner_.cross_entropy(logits, labels, weights, d_logits, loss);
  }
  constexpr void binary_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                                      View<Sum<T>> loss) const {
    moves(logits, targets, d_logits);
    inner_.binary_cross_entropy(logits, targets, d_logits, loss);
  }
  constexpr void squared_error(Stream<T const> x, Stream<T const> target, Stream<T> dx,
                               View<Sum<T>> loss) const {
    moves(x, target, dx);
    inner_.squared_error(x, target, dx, loss);
  }
  constexpr void patches(Stream<T const> images, Index channels, Index patch, Stream<T> y) const {
    moves(y, y);
    inner_.patches(images, channels, patch, y);
  }
  constexpr void patches_reverse(Stream<T const> dy, Index channels, Index patch,
                                 Stream<T> d_images) const {
    moves(dy, dy);
    inner_.patches_reverse(dy, channels, patch, d_images);
  }
  constexpr void unit_rows(View<T const> x, View<T> y, View<T> lengths) const {
    moves(x, y, lengths);
    inner_.unit_rows(x, y, lengths);
  }
  constexpr void unit_rows_reverse(View<T const> dy, View<T const> y, View<T const> lengths,
                                   View<T> dx) const {
    moves(dy, y, lengths, dx);
    inner_.unit_rows_reverse(dy, y, lengths, dx);
  }
  constexpr void clear_outside(Index const* first, Index const* last, T value, View<T> y) const {
    moves(y);
    inner_.clear_outside(first, last, value, y);
  }
  constexpr void soft_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                                    View<Sum<T>> loss) const {
    moves(logits, targets, d_logits);
    inner_.soft_cross_entropy(logits, targets, d_logits, loss);
  }
  constexpr void narrow(View<T const> x, View<bf16> y) const {
    moves(x, y);
    inner_.narrow(x, y);
  }
  constexpr void widen(View<bf16 const> x, View<T> y) const {
    moves(x, y);
    inner_.widen(x, y);
  }
  constexpr void dropout(Random random, double rate, Index all_rows, Index first_row,
                         Stream<T const> x, Stream<T> y) const {
    moves(x, y);
    inner_.dropout(random, rate, all_rows, first_row, x, y);
  }

 private:
  /// The keys that a query of each sample reads, over all samples.
  static constexpr Index pairs(Attention<T> const& a) {
    return a.query.batch * a.key.tokens + a.all_extra();
  }
  /// Notes operands of a primitive: elements that it reads or writes once.
  template <class... Operand>
  constexpr void moves(Operand const&... operands) const {
    work_->moved_elements += (operands.size() + ...);
  }
  Work* work_;
  WorkByStage* stages_ = nullptr;
  B inner_;
};

}  // namespace vlpt
