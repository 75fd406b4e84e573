#pragma once
#include "vlpt/kernels/activation.hpp"
#include "vlpt/ops/activation.hpp"

namespace vlpt {

/// x sigmoid(1.702 x), as in OpenAI's CLIP.
using QuickGelu = Activation<QuickGeluFormula>;

}  // namespace vlpt
