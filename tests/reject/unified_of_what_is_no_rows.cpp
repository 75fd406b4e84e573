// expect: prompt::Unified joins a policy that is a context and one that is prompt rows
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/policies/prompt/unified.hpp"

vlpt::DualEncoder<vlpt::arch::ClipB16,
                  vlpt::prompt::Unified<vlpt::prompt::Context<4>, vlpt::prompt::Context<4>>>
    model;
