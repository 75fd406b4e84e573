#pragma once
#include "vlpt/kernels/activation.hpp"
#include "vlpt/ops/activation.hpp"

namespace vlpt {

/// tanh(x), as in poolers.
using Tanh = Activation<TanhFormula>;

}  // namespace vlpt
