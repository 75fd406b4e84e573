#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include "vlpt/core/arena.hpp"
#include "vlpt/kernels/cuda/host_grid.hpp"
#include "vlpt/kernels/cuda/primitives.hpp"
#include "vlpt/kernels/reference_products.hpp"

namespace vlpt {

namespace cuda {

/// A machine of the host: kernels by HostGrid, products by plain loops.
template <class T>
class HostMachine : ReferenceProducts<T> {
 public:
  using Memory = HostMemory;
  static constexpr std::string_view name = "emulated_cuda";
  explicit HostMachine(Order order = Order::forward) : grid_(order), workspace_(workspace_bytes) {}

  template <class K>
  void launch(K const& kernel) const {
    grid_.launch(kernel);
  }
  using ReferenceProducts<T>::linear, ReferenceProducts<T>::linear_add,
      ReferenceProducts<T>::linear_input;
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw) const {
    ReferenceProducts<T>::linear_weight(dy, x, dw, {});
  }
  [[nodiscard]] std::byte* workspace() const { return workspace_.data(); }
  void fetch(std::byte const* there, std::span<std::byte> here) const {
    std::copy_n(there, here.size(), here.begin());
  }

 private:
  HostGrid grid_;
  HostMemory workspace_;
};

}  // namespace cuda

/// A host backend that runs the arithmetic and the geometry of the GPU's kernels, slowly: what
/// shows that they are right where there is no GPU. One thread at a time may use an object.
template <class T>
using EmulatedCuda = CudaPrimitives<T, cuda::HostMachine<T>>;

}  // namespace vlpt
