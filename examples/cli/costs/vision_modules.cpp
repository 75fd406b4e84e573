#include "module_costs.hpp"
#include "vision_family.hpp"

namespace vlpt::cli {

PolicyCosts<VisionFacts> vision_modules() { return module_costs<VisionFamily>(); }

}  // namespace vlpt::cli
