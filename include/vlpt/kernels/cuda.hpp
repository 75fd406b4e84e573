#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "vlpt/core/bf16.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/core/real.hpp"
#include "vlpt/kernels/attention.hpp"
#include "vlpt/kernels/cuda/device_memory.hpp"
#include "vlpt/kernels/cuda/settings.hpp"

namespace vlpt {

namespace cuda {

template <class T>
class Core;

/// How many devices there are that this process may use; 0 where there is no driver.
[[nodiscard]] int devices();

}  // namespace cuda

/// A GPU of NVIDIA, in float or double: products by cuBLASLt, kernels of our own for the rest, all
/// on one stream. Views are of device memory; arrays of indices, masks and tasks are the host's,
/// and copied. Nothing waits for the device but fetch() and squared_norm(). Copies share the
/// stream, and threads may share a copy. Made once, in the library vlpt::cuda, or where one source
/// of a program that nvcc compiles includes kernels/cuda/instances.cuh.
template <class T>
class Cuda {
 public:
  using Scalar = T;
  using Memory = DeviceMemory;
  static constexpr std::string_view name = "cuda";

  explicit Cuda(CudaSettings settings = {});
  [[nodiscard]] int device() const;
  /// The stream, a cudaStream_t: what is asked of it follows what was asked of this.
  [[nodiscard]] void* stream() const;

  void bring(std::span<std::byte const> here, std::byte* there) const;
  void fetch(std::byte const* there, std::span<std::byte> here) const;

  void begin_list() const;  // kernels/list_scope.hpp
  void end_list() const;
  void break_list() const;

  void fill(Stream<T> y, T value) const;
  void copy(Stream<T const> x, Stream<T> y) const;
  void add(Stream<T const> x, Stream<T> y) const;
  void scale(Sum<T> a, Stream<T> y) const;
  void gather(Stream<T const> x, Index const* index, Stream<T> y) const;
  void scatter_add(Stream<T const> x, Index const* index, Stream<T> y) const;

  void linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const;
  template <class F>
  void linear_activate(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                       View<T> y) const;
  void linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                  View<T> y) const;
  void linear_input(View<T const> dy, View<T const> w, View<T> dx) const;
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw, View<T> db) const;

  void layer_norm(View<T const> x, View<T const> gamma, View<T const> beta, double eps, View<T> y,
                  View<Sum<T>> stats) const;
  void layer_norm_reverse(View<T const> dy, View<T const> x, View<Sum<T> const> stats,
                          View<T const> gamma, View<T> dx, View<T> dgamma, View<T> dbeta) const;
  template <class F>
  void activate(View<T const> x, View<T> y) const;
  template <class F>
  void activate_reverse(View<T const> dy, View<T const> x, View<T> dx) const;
  void row_max(View<T const> x, View<T> y) const;
  void scale_rows(View<T const> a, View<T const> x, View<T> y) const;
  void softmax(View<T const> x, View<T> y) const;
  void softmax_reverse(View<T const> dy, View<T const> y, View<T> dx) const;
  void scale_by(View<T const> a, Stream<T const> x, Stream<T> y) const;
  void add_scaled(View<T const> a, Stream<T const> x, Stream<T> y) const;
  void dot(Stream<T const> x, Stream<T const> y, View<T> a) const;

  [[nodiscard]] Index attention_scratch(Attention<T> const& a) const;
  void attend(Attention<T> const& a, Stream<T> out, T* scratch) const;
  void attend_reverse(Attention<T> const& a, Stream<T const> d_out, AttentionGradients<T> const& g,
                      T* scratch) const;

  void mean_rows(Stream<T const> x, View<T> y) const;
  void mean_rows_reverse(View<T const> dy, Stream<T> dx) const;
  void cross_entropy(View<T const> logits, Index const* labels, View<T const> weights,
                     View<T> d_logits, View<Sum<T>> loss) const;
  void binary_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                            View<Sum<T>> loss) const;
  void soft_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                          View<Sum<T>> loss) const;
  void squared_error(Stream<T const> x, Stream<T const> target, Stream<T> dx,
                     View<Sum<T>> loss) const;

  void patches(Stream<T const> images, Index channels, Index patch, Stream<T> y) const;
  void patches_reverse(Stream<T const> dy, Index channels, Index patch, Stream<T> d_images) const;
  void dropout(Random random, double rate, Index all_rows, Index first_row, Stream<T const> x,
               Stream<T> y) const;
  void narrow(View<T const> x, View<bf16> y) const;
  void widen(View<bf16 const> x, View<T> y) const;
  void unit_rows(View<T const> x, View<T> y, View<T> lengths) const;
  void unit_rows_reverse(View<T const> dy, View<T const> y, View<T const> lengths,
                         View<T> dx) const;
  void clear_outside(Index const* first, Index const* last, T value, View<T> y) const;

  template <class Law>
  void update(Law const& law, View<T> v, View<Sum<T>> master, View<T const> g, View<Sum<T>> m,
              View<Sum<T>> s) const;
  [[nodiscard]] double squared_norm(View<T const> x) const;
  void turn(View<T const> x, View<T> y) const;

 private:
  std::shared_ptr<cuda::Core<T>> core_;
};

}  // namespace vlpt
