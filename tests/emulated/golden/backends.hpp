#pragma once
#include "apart.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/kernels/cuda/host_machine.hpp"
#include "vlpt/kernels/packed.hpp"

// In place of tests/golden/backends.hpp: the nets by the kernels of a GPU, on the host, in memory
// that it can not read. The kernels are compiled in emulated/kernels.cpp.

namespace vlpt {

extern template class cuda::ElementPrimitives<double, cuda::HostMachine<double>>;
extern template class cuda::RowPrimitives<double, cuda::HostMachine<double>>;
extern template class cuda::LossPrimitives<double, cuda::HostMachine<double>>;
extern template class cuda::AttentionPrimitives<double, cuda::HostMachine<double>>;
extern template class cuda::ElementPrimitives<float, cuda::HostMachine<float>>;
extern template class cuda::RowPrimitives<float, cuda::HostMachine<float>>;
extern template class cuda::LossPrimitives<float, cuda::HostMachine<float>>;
extern template class cuda::AttentionPrimitives<float, cuda::HostMachine<float>>;

}  // namespace vlpt

namespace golden {

[[nodiscard]] inline auto exact(int = 0) {
  using Machine = vlpt::cuda::HostMachine<double>;
  return vlpt::test::Apart(vlpt::EmulatedCuda<double>(Machine(vlpt::cuda::Order::shuffled)));
}
[[nodiscard]] inline auto fast() {
  using Machine = vlpt::cuda::HostMachine<float>;
  return vlpt::test::Apart(vlpt::EmulatedCuda<float>(Machine(vlpt::cuda::Order::backward)));
}

}  // namespace golden
