// expect: prompt::Both: only one of the two policies may have a context
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/context.hpp"

vlpt::DualEncoder<vlpt::arch::ClipB16,
                  vlpt::prompt::Both<vlpt::prompt::Context<4>, vlpt::prompt::Context<8>>>
    model;
