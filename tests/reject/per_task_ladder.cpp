// expect: a side network stands beside all rows
#include "vlpt/policies/prompt/ladder.hpp"
#include "vlpt/policies/prompt/per_task.hpp"

namespace prompt = vlpt::prompt;
prompt::PerTask<prompt::Ladder<4>> policy;
