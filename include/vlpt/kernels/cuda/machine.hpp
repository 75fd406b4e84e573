#pragma once
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

#include "vlpt/core/view.hpp"

namespace vlpt::cuda {

/// Bytes that the workspace of every machine has at least: enough for the partial sums of any
/// reduction, which are as many as fit.
inline constexpr std::size_t workspace_bytes = std::size_t{8} << 20;

/// A kernel that does nothing: what a concept may ask a machine to launch.
struct NoKernel {
  struct Shared {};
  static constexpr int threads = 32;
  [[nodiscard]] constexpr Index blocks() const { return 0; }
  template <class Block>
  constexpr void operator()(Block const&, Shared&) const {}
};

/// Where CudaPrimitives<T, M> run. Everything happens in the order of the calls, as on one stream,
/// and is asked for by one thread at a time. launch(kernel): kernel(block, shared) for
/// kernel.blocks() > 0 blocks of Kernel::threads threads. Products are those of Reference<T>, but
/// for linear_weight, which adds to dw alone; no operand of theirs is empty but b, and strides are
/// the views'. workspace(): workspace_bytes aligned to 64, which the next call may overwrite.
template <class M, class T>
concept Machine = requires(M const m, View<T const> x, View<T> y, std::byte const* there,
                           std::span<std::byte> here, Index const* array) {
  typename M::Memory;
  { M::name } -> std::convertible_to<std::string_view>;
  m.launch(NoKernel{});
  m.linear(x, x, x, y);         // y = x w^T + b, or without b where it is null
  m.linear_add(x, x, x, x, y);  // y = r + x w^T + b; r may be y
  m.linear_input(x, x, y);      // dx = dy w
  m.linear_weight(x, x, y);     // dw += dy^T x
  { m.workspace() } -> std::same_as<std::byte*>;
  m.fetch(there, here);  // device memory to the host; waits
  // An array of the host in the machine's memory, for the next call.
  { m.place(array, Index{1}) } -> std::convertible_to<Index const*>;
};

/// A machine whose products may end in a GELU: linear_gelu is y = GELU(x w^T + b), in some form of
/// it, and before = x w^T + b, where ends_in_gelu says that it will. b and before may be null.
template <class M, class T>
concept EndsInGelu = requires(M const m, View<T const> x, View<T> y) {
  { m.ends_in_gelu(x, x, x, y, y) } -> std::same_as<bool>;
  m.linear_gelu(x, x, x, y, y);
};

}  // namespace vlpt::cuda
