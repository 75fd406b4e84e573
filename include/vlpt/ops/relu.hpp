#pragma once
#include "vlpt/kernels/activation.hpp"
#include "vlpt/ops/activation.hpp"

namespace vlpt {

/// max(x, 0), as in adapters and APT.
using Relu = Activation<ReluFormula>;

}  // namespace vlpt
