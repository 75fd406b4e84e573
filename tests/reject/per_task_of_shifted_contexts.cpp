// expect: a context that each image shifts makes texts anew
#include "vlpt/policies/prompt/conditional.hpp"
#include "vlpt/policies/prompt/per_task.hpp"

namespace prompt = vlpt::prompt;
prompt::PerTask<prompt::Conditional<4>> policy;
