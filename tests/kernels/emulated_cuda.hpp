#pragma once
#include "vlpt/kernels/cuda/host_machine.hpp"

// The kernels of the emulated device are compiled once, in emulated_cuda.cpp.

namespace vlpt {

extern template class cuda::ElementPrimitives<float, cuda::HostMachine<float>>;
extern template class cuda::RowPrimitives<float, cuda::HostMachine<float>>;
extern template class cuda::LossPrimitives<float, cuda::HostMachine<float>>;
extern template class cuda::AttentionPrimitives<float, cuda::HostMachine<float>>;
extern template class cuda::ElementPrimitives<double, cuda::HostMachine<double>>;
extern template class cuda::RowPrimitives<double, cuda::HostMachine<double>>;
extern template class cuda::LossPrimitives<double, cuda::HostMachine<double>>;
extern template class cuda::AttentionPrimitives<double, cuda::HostMachine<double>>;
extern template class cuda::ElementPrimitives<bf16, cuda::HostMachine<bf16>>;
extern template class cuda::RowPrimitives<bf16, cuda::HostMachine<bf16>>;
extern template class cuda::LossPrimitives<bf16, cuda::HostMachine<bf16>>;
extern template class cuda::AttentionPrimitives<bf16, cuda::HostMachine<bf16>>;

namespace test {

inline constexpr cuda::Order orders[]{cuda::Order::forward, cuda::Order::backward,
                                      cuda::Order::shuffled};

/// The emulated device that goes through threads and blocks in one order.
template <class T, cuda::Order order>
struct EmulatedIn : EmulatedCuda<T> {
  EmulatedIn() : EmulatedCuda<T>(cuda::HostMachine<T>(order)) {}
};

}  // namespace test
}  // namespace vlpt
