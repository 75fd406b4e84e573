#pragma once
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/kernels/cuda.hpp"
#include "vlpt/kernels/packed.hpp"

// In place of tests/golden/backends.hpp: the nets, on a device.

namespace golden {

[[nodiscard]] inline vlpt::Cuda<double> exact(int = 0) { return vlpt::Cuda<double>(); }
[[nodiscard]] inline vlpt::Cuda<float> fast() { return vlpt::Cuda<float>(); }

}  // namespace golden
