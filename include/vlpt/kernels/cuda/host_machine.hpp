#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

#include "vlpt/core/arena.hpp"
#include "vlpt/kernels/cuda/host_grid.hpp"
#include "vlpt/kernels/cuda/listing_machine.hpp"
#include "vlpt/kernels/cuda/placing_primitives.hpp"
#include "vlpt/kernels/reference_products.hpp"

namespace vlpt {

namespace cuda {

/// What a stream is to a device, on the host: kernels by HostGrid, products by plain loops, and
/// everything done when it is asked for. A graph is a copy of its list.
template <class T>
class HostStream : ReferenceProducts<T> {
 public:
  using Memory = HostMemory;
  static constexpr std::string_view name = "emulated_cuda";
  using Graph = LaunchList<HostStream>;
  explicit HostStream(Order order) : grid_(order), workspace_(workspace_bytes) {}

  template <class K>
  void launch(K const& kernel) const {
    grid_.launch(kernel);
  }
  [[nodiscard]] Graph capture(LaunchList<HostStream> const& list) const { return list; }
  void launch(Graph const& graph) const { graph.run(*this); }
  using ReferenceProducts<T>::linear, ReferenceProducts<T>::linear_add,
      ReferenceProducts<T>::linear_input;
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw) const {
    ReferenceProducts<T>::linear_weight(dy, x, dw, {});
  }
  [[nodiscard]] std::byte* workspace() const { return workspace_.data(); }
  void bring(std::span<std::byte const> here, std::byte* there) const {
    std::copy(here.begin(), here.end(), there);
  }
  void fetch(std::byte const* there, std::span<std::byte> here) const {
    std::copy_n(there, here.size(), here.begin());
  }
  template <class U>
  [[nodiscard]] U const* place(U const* here, Index /*count*/) const {
    return here;
  }

 private:
  HostGrid grid_;
  HostMemory workspace_;
};

/// The Machine of the host. With `lists` it gathers and repeats calls as a device does.
template <class T>
class HostMachine : public ListingMachine<T, HostStream<T>> {
 public:
  explicit HostMachine(Order order = Order::forward, bool lists = false)
      : ListingMachine<T, HostStream<T>>(HostStream<T>(order), lists) {}
};

}  // namespace cuda

/// A host backend that runs the arithmetic and the geometry of the GPU's kernels, slowly: what
/// shows that they are right where there is no GPU. One thread at a time may use an object.
template <class T>
using EmulatedCuda = PlacingPrimitives<T, cuda::HostMachine<T>>;

}  // namespace vlpt
