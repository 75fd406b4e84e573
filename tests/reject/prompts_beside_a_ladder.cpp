// expect: prompt rows beside it never learn
// The side network takes no gradient to the stack, so whatever a prompt is there, it stays.
#include "vlpt/models/single_stream.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/ladder.hpp"

namespace prompt = vlpt::prompt;
vlpt::SingleStream<vlpt::arch::ViLT_B32, prompt::Both<prompt::Ladder<4>, prompt::Deep<2>>> model;
