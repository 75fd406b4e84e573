#pragma once
#include "apart.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/kernels/packed.hpp"

// What nets are run on. tests/cuda/golden/backends.hpp stands before this where they run on a GPU.

namespace golden {

/// In doubles, by so many threads (0: as many as there are processors), in memory that the host can
/// not read: nothing depends on it.
[[nodiscard]] inline auto exact(int threads = 0) {
  return vlpt::test::Apart(threads > 0 ? vlpt::Cpu<double>(threads) : vlpt::Cpu<double>());
}
/// In floats, as users run them.
[[nodiscard]] inline vlpt::PackedCpu<float> fast() { return vlpt::PackedCpu<float>(); }

}  // namespace golden
