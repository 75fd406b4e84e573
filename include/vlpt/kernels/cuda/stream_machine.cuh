#pragma once
#include <memory>
#include <span>
#include <string_view>

#include "vlpt/kernels/cuda/device_graph.cuh"
#include "vlpt/kernels/cuda/device_grid.cuh"
#include "vlpt/kernels/cuda/each.cuh"
#include "vlpt/kernels/cuda/inbox.cuh"
#include "vlpt/kernels/cuda/launch_list.hpp"
#include "vlpt/kernels/cuda/lt_products.cuh"
#include "vlpt/kernels/cuda/machine.hpp"
#include "vlpt/kernels/cuda/start_rows.cuh"

namespace vlpt::cuda {

/// The Machine of a GPU: kernels, products and copies on one stream of the device that is the
/// calling thread's current one whenever this is made or asked for anything.
template <class T>
class StreamMachine {
 public:
  using Memory = DeviceMemory;
  using Graph = DeviceGraph;
  static constexpr std::string_view name = "cuda";

  explicit StreamMachine(CudaSettings const& settings)
      : parts_(std::make_unique<Parts>(settings)) {}

  template <class Kernel>
  void launch(Kernel const& kernel) const {
    check(cuda::launch(kernel, stream()), "launch of a kernel");
  }
  /// requires a list that ran before: its algorithms are chosen, its kernels loaded.
  [[nodiscard]] Graph capture(LaunchList<StreamMachine> const& list) const {
    return {stream(), [&] { list.run(*this); }};
  }
  void launch(Graph const& graph) const { graph.launch(stream()); }

  void linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const {
    multiply(linear_product(x, w, b, {}, y), b, {}, y);
  }
  void linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                  View<T> y) const {
    multiply(linear_product(x, w, b, r, y), b, r, y);
  }
  /// Whether linear_gelu can do this.
  [[nodiscard]] bool ends_in_gelu(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                                  View<T> y) const {
    return parts_->products.ends_in_gelu(gelu_product(x, w, b, before, y));
  }
  void linear_gelu(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                   View<T> y) const {
    parts_->products(gelu_product(x, w, b, before, y));
  }
  void linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
    parts_->products(input_product(dy, w, dx));
  }
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw) const {
    parts_->products(weight_product(dy, x, dw));
  }

  [[nodiscard]] std::byte* workspace() const { return parts_->workspace.data(); }
  void bring(std::span<std::byte const> here, std::byte* there) const {
    parts_->inbox.bring(here, there);
  }
  void fetch(std::byte const* there, std::span<std::byte> here) const {
    if (here.empty()) return;
    check(cudaMemcpyAsync(here.data(), there, here.size(), cudaMemcpyDeviceToHost, stream()),
          "cudaMemcpyAsync");
    parts_->stream.wait();
  }
  /// An array of the host, where the next kernels find it.
  template <class U>
  [[nodiscard]] U const* place(U const* here, Index count) const {
    return parts_->inbox.place(here, count);
  }
  [[nodiscard]] cudaStream_t stream() const { return parts_->stream.get(); }

 private:
  struct Parts {
    explicit Parts(CudaSettings const& settings)
        : workspace(LtProducts<T>::workspace_bytes),
          inbox(stream.get()),
          products(settings, stream.get(), workspace.data()) {}
    CudaStream stream;
    DeviceMemory workspace;
    Inbox inbox;
    LtProducts<T> products;
  };
  /// A bias that cuBLASLt does not add is there before the product is.
  void multiply(ColumnProduct<T> product, View<T const> b, View<T const> r, View<T> y) const {
    if (b.data != nullptr &&
        !(LtProducts<T>::adds_bias(b.data) && parts_->products.knows(product))) {
      launch(Each<StartRows<T>>{{r, b, y}});
      product.bias = nullptr;
      product.c = columns_of(View<T const>(y));
    }
    parts_->products(product);
  }

  std::unique_ptr<Parts> parts_;
};

}  // namespace vlpt::cuda
