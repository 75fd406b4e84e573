// expect: different policy types need separate Nets
// One Net runs one policy type; what differs between its tasks is the policies' values.
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/per_task.hpp"

namespace prompt = vlpt::prompt;
prompt::PerTask<prompt::Deep<4>>::Task pets("pets", 2), food("food", 3, prompt::Adapter<8>{});
