#include "row_costs.hpp"
#include "vision_family.hpp"

namespace vlpt::cli {

PolicyCosts<VisionFacts> vision_rows() { return row_costs<VisionFamily>(); }

}  // namespace vlpt::cli
