#pragma once
#include "vlpt/blocks/bert_block.hpp"

namespace vlpt {

/// METER's layer: a post-norm block whose second half attends to the other stream, which comes with
/// BlockRun::cross. Policies are asked for that attention with Role::cross.
template <class Act, PromptPolicy Policy>
using CrossBlock = BertBlock<Act, Policy, true>;

}  // namespace vlpt
