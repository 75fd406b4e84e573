#pragma once
#include "vlpt/kernels/activation.hpp"
#include "vlpt/ops/activation.hpp"

namespace vlpt {

/// x Phi(x), the exact (erf) form of ViT, BERT, MAE, ViLT and METER.
using Gelu = Activation<GeluFormula>;

}  // namespace vlpt
