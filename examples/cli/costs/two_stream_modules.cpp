#include "module_costs.hpp"
#include "two_stream_family.hpp"

namespace vlpt::cli {

PolicyCosts<TwoStreamFacts> two_stream_modules() { return module_costs<TwoStreamFamily>(); }

}  // namespace vlpt::cli
