#pragma once
#include "apart.hpp"
#include "kernels/emulated_cuda.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/kernels/packed.hpp"

// In place of tests/golden/backends.hpp: the nets by the kernels of a GPU, on the host, in memory
// that it can not read.

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
