#pragma once
#include "vlpt/kernels/cuda.hpp"
#include "vlpt/kernels/cuda/core.cuh"

// The members of Cuda<T>: its primitives on its stream.

namespace vlpt {

int cuda::devices() {
  int n = 0;
  if (cudaGetDeviceCount(&n) == cudaSuccess) return n;
  (void)cudaGetLastError();
  return 0;
}

template <class T>
Cuda<T>::Cuda(CudaSettings settings) : core_(std::make_shared<cuda::Core<T>>(settings)) {}
template <class T>
int Cuda<T>::device() const {
  return core_->device();
}
template <class T>
void* Cuda<T>::stream() const {
  return core_->run([](auto const& on) -> void* { return on.machine().direct().stream(); });
}
template <class T>
void Cuda<T>::bring(std::span<std::byte const> here, std::byte* there) const {
  core_->run([&](auto const& on) { on.machine().bring(here, there); });
}
template <class T>
void Cuda<T>::fetch(std::byte const* there, std::span<std::byte> here) const {
  core_->run([&](auto const& on) { on.machine().fetch(there, here); });
}
template <class T>
void Cuda<T>::begin_list() const {
  core_->begin_list();
}
template <class T>
void Cuda<T>::end_list() const {
  core_->end_list();
}
template <class T>
void Cuda<T>::break_list() const {
  core_->break_list();
}
template <class T>
void Cuda<T>::fill(Stream<T> y, T value) const {
  core_->run([&](auto const& on) { on.fill(y, value); });
}
template <class T>
void Cuda<T>::copy(Stream<T const> x, Stream<T> y) const {
  core_->run([&](auto const& on) { on.copy(x, y); });
}
template <class T>
void Cuda<T>::add(Stream<T const> x, Stream<T> y) const {
  core_->run([&](auto const& on) { on.add(x, y); });
}
template <class T>
void Cuda<T>::scale(Sum<T> a, Stream<T> y) const {
  core_->run([&](auto const& on) { on.scale(a, y); });
}
template <class T>
void Cuda<T>::gather(Stream<T const> x, Index const* index, Stream<T> y) const {
  core_->run([&](auto const& on) { on.gather(x, index, y); });
}
template <class T>
void Cuda<T>::scatter_add(Stream<T const> x, Index const* index, Stream<T> y) const {
  core_->run([&](auto const& on) { on.scatter_add(x, index, y); });
}
template <class T>
void Cuda<T>::linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const {
  core_->run([&](auto const& on) { on.linear(x, w, b, y); });
}

template <class T>
template <class F>
void Cuda<T>::linear_activate(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                              View<T> y) const {
  core_->run([&](auto const& on) { on.template linear_activate<F>(x, w, b, before, y); });
}
template <class T>
void Cuda<T>::linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                         View<T> y) const {
  core_->run([&](auto const& on) { on.linear_add(x, w, b, r, y); });
}
template <class T>
void Cuda<T>::linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
  core_->run([&](auto const& on) { on.linear_input(dy, w, dx); });
}
template <class T>
void Cuda<T>::linear_weight(View<T const> dy, View<T const> x, View<T> dw, View<T> db) const {
  core_->run([&](auto const& on) { on.linear_weight(dy, x, dw, db); });
}
template <class T>
void Cuda<T>::layer_norm(View<T const> x, View<T const> gamma, View<T const> beta, double eps,
                         View<T> y, View<Sum<T>> stats) const {
  core_->run([&](auto const& on) { on.layer_norm(x, gamma, beta, eps, y, stats); });
}
template <class T>
void Cuda<T>::layer_norm_reverse(View<T const> dy, View<T const> x, View<Sum<T> const> stats,
                                 View<T const> gamma, View<T> dx, View<T> dgamma,
                                 View<T> dbeta) const {
  core_->run(
      [&](auto const& on) { on.layer_norm_reverse(dy, x, stats, gamma, dx, dgamma, dbeta); });
}

template <class T>
template <class F>
void Cuda<T>::activate(View<T const> x, View<T> y) const {
  core_->run([&](auto const& on) { on.template activate<F>(x, y); });
}

template <class T>
template <class F>
void Cuda<T>::activate_reverse(View<T const> dy, View<T const> x, View<T> dx) const {
  core_->run([&](auto const& on) { on.template activate_reverse<F>(dy, x, dx); });
}
template <class T>
void Cuda<T>::row_max(View<T const> x, View<T> y) const {
  core_->run([&](auto const& on) { on.row_max(x, y); });
}
template <class T>
void Cuda<T>::scale_rows(View<T const> a, View<T const> x, View<T> y) const {
  core_->run([&](auto const& on) { on.scale_rows(a, x, y); });
}
template <class T>
void Cuda<T>::softmax(View<T const> x, View<T> y) const {
  core_->run([&](auto const& on) { on.softmax(x, y); });
}
template <class T>
void Cuda<T>::softmax_reverse(View<T const> dy, View<T const> y, View<T> dx) const {
  core_->run([&](auto const& on) { on.softmax_reverse(dy, y, dx); });
}
template <class T>
void Cuda<T>::scale_by(View<T const> a, Stream<T const> x, Stream<T> y) const {
  core_->run([&](auto const& on) { on.scale_by(a, x, y); });
}
template <class T>
void Cuda<T>::add_scaled(View<T const> a, Stream<T const> x, Stream<T> y) const {
  core_->run([&](auto const& on) { on.add_scaled(a, x, y); });
}
template <class T>
void Cuda<T>::dot(Stream<T const> x, Stream<T const> y, View<T> a) const {
  core_->run([&](auto const& on) { on.dot(x, y, a); });
}
template <class T>
Index Cuda<T>::attention_scratch(Attention<T> const& a) const {
  return core_->run([&](auto const& on) { return on.attention_scratch(a); });
}
template <class T>
void Cuda<T>::attend(Attention<T> const& a, Stream<T> out, T* scratch) const {
  core_->run([&](auto const& on) { on.attend(a, out, scratch); });
}
template <class T>
void Cuda<T>::attend_reverse(Attention<T> const& a, Stream<T const> d_out,
                             AttentionGradients<T> const& g, T* scratch) const {
  core_->run([&](auto const& on) { on.attend_reverse(a, d_out, g, scratch); });
}
template <class T>
void Cuda<T>::mean_rows(Stream<T const> x, View<T> y) const {
  core_->run([&](auto const& on) { on.mean_rows(x, y); });
}
template <class T>
void Cuda<T>::mean_rows_reverse(View<T const> dy, Stream<T> dx) const {
  core_->run([&](auto const& on) { on.mean_rows_reverse(dy, dx); });
}
template <class T>
void Cuda<T>::cross_entropy(View<T const> logits, Index const* labels, View<T const> weights,
                            View<T> d_logits, View<Sum<T>> loss) const {
  core_->run([&](auto const& on) { on.cross_entropy(logits, labels, weights, d_logits, loss); });
}
template <class T>
void Cuda<T>::binary_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                                   View<Sum<T>> loss) const {
  core_->run([&](auto const& on) { on.binary_cross_entropy(logits, targets, d_logits, loss); });
}
template <class T>
void Cuda<T>::soft_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                                 View<Sum<T>> loss) const {
  core_->run([&](auto const& on) { on.soft_cross_entropy(logits, targets, d_logits, loss); });
}
template <class T>
void Cuda<T>::squared_error(Stream<T const> x, Stream<T const> target, Stream<T> dx,
                            View<Sum<T>> loss) const {
  core_->run([&](auto const& on) { on.squared_error(x, target, dx, loss); });
}
template <class T>
void Cuda<T>::patches(Stream<T const> images, Index channels, Index patch, Stream<T> y) const {
  core_->run([&](auto const& on) { on.patches(images, channels, patch, y); });
}
template <class T>
void Cuda<T>::patches_reverse(Stream<T const> dy, Index channels, Index patch,
                              Stream<T> d_images) const {
  core_->run([&](auto const& on) { on.patches_reverse(dy, channels, patch, d_images); });
}
template <class T>
void Cuda<T>::dropout(Random random, double rate, Index all_rows, Index first_row,
                      Stream<T const> x, Stream<T> y) const {
  core_->run([&](auto const& on) { on.dropout(random, rate, all_rows, first_row, x, y); });
}
template <class T>
void Cuda<T>::narrow(View<T const> x, View<bf16> y) const {
  core_->run([&](auto const& on) { on.narrow(x, y); });
}
template <class T>
void Cuda<T>::widen(View<bf16 const> x, View<T> y) const {
  core_->run([&](auto const& on) { on.widen(x, y); });
}
template <class T>
void Cuda<T>::unit_rows(View<T const> x, View<T> y, View<T> lengths) const {
  core_->run([&](auto const& on) { on.unit_rows(x, y, lengths); });
}
template <class T>
void Cuda<T>::unit_rows_reverse(View<T const> dy, View<T const> y, View<T const> lengths,
                                View<T> dx) const {
  core_->run([&](auto const& on) { on.unit_rows_reverse(dy, y, lengths, dx); });
}
template <class T>
void Cuda<T>::clear_outside(Index const* first, Index const* last, T value, View<T> y) const {
  core_->run([&](auto const& on) { on.clear_outside(first, last, value, y); });
}
template <class T>
template <class Law>
void Cuda<T>::update(Law const& law, View<T> v, View<Sum<T>> master, View<T const> g,
                     View<Sum<T>> m, View<Sum<T>> s) const {
  core_->run([&](auto const& on) { on.update(law, v, master, g, m, s); });
}
template <class T>
double Cuda<T>::squared_norm(View<T const> x) const {
  return core_->run([&](auto const& on) { return on.squared_norm(x); });
}
template <class T>
void Cuda<T>::turn(View<T const> x, View<T> y) const {
  core_->run([&](auto const& on) { on.turn(x, y); });
}

}  // namespace vlpt
