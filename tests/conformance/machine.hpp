#pragma once
#include <concepts>

#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/kernels/packed.hpp"

namespace conformance {

/// What a model is compared on: the packed kernels in float, Eigen's in double.
template <class T>
using Machine = std::conditional_t<std::same_as<T, float>, vlpt::PackedCpu<float>, vlpt::Cpu<T>>;

}  // namespace conformance
