#include "dual_family.hpp"
#include "module_costs.hpp"

namespace vlpt::cli {

PolicyCosts<DualFacts> dual_modules() { return module_costs<DualFamily>(); }

}  // namespace vlpt::cli
