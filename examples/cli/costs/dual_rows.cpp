#include "dual_family.hpp"
#include "row_costs.hpp"

namespace vlpt::cli {

PolicyCosts<DualFacts> dual_rows() { return row_costs<DualFamily>(); }

}  // namespace vlpt::cli
