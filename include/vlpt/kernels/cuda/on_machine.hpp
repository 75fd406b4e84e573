#pragma once
#include <cstdint>
#include <type_traits>
#include <utility>

#include "vlpt/kernels/cuda/each.cuh"
#include "vlpt/kernels/cuda/machine.hpp"
#include "vlpt/kernels/cuda/map.cuh"

namespace vlpt::cuda {

/// A machine and how primitives ask it: nothing is launched for nothing, and kernels read 16 bytes
/// at a time where addresses, strides and widths allow.
template <class T, class M>
class OnMachine {
 public:
  OnMachine() = default;
  explicit OnMachine(M machine) : machine_(std::move(machine)) {}
  [[nodiscard]] M const& machine() const { return machine_; }

 protected:
  using S = Sum<T>;

  template <class K>
  void launch(K const& kernel) const {
    if (kernel.blocks() > 0) machine_.launch(kernel);
  }
  /// f(i) for every i of f.count().
  template <class F>
  void launch_each(F const& f) const {
    launch(Each<F>{f});
  }
  /// make(n) for n = the elements that are read at once, as a type.
  template <class F>
  static void at_width(bool even, F const& make) {
    if (even)
      make(std::integral_constant<int, wide<T>>{});
    else
      make(std::integral_constant<int, 1>{});
  }

  /// Whether every row begins on 16 bytes and ends there.
  template <class U>
  [[nodiscard]] static bool even(Stream<U> s) {
    constexpr Index n = wide<std::remove_const_t<U>>;
    return reinterpret_cast<std::uintptr_t>(s.data) % 16 == 0 && s.dim % n == 0 &&
           (s.rows() <= 1 || s.stride % n == 0) && (s.batch <= 1 || s.batch_stride % n == 0);
  }
  template <class U>
  [[nodiscard]] static bool even(View<U> v) {
    return even(Stream<U>(v, 1));
  }
  template <class... V>
  [[nodiscard]] static bool all_even(V const&... v) {
    return (even(v) && ...);
  }

  /// x of one sample for every sample.
  [[nodiscard]] static Stream<T const> repeated(Stream<T const> x, Index batch) {
    return x.batch == 1 ? Stream<T const>(x.data, batch, x.tokens, x.dim, 0, x.stride) : x;
  }
  template <class U>
  [[nodiscard]] static Stream<U> whole(View<U> v) {
    return {v, 1};
  }

  /// y = f(y, x, z, place); what f does not read may be null.
  template <class F>
  void map(F const& f, Stream<T const> x, Stream<T const> z, Stream<T> y) const {
    bool const wide_rows = even(y) && (F::inputs < 1 || even(x)) && (F::inputs < 2 || even(z));
    at_width(wide_rows, [&](auto n) { launch_each(Map<T, decltype(n)::value, F>{f, x, z, y}); });
  }

  M machine_{};
};

}  // namespace vlpt::cuda
