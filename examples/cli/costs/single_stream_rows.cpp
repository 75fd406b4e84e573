#include "row_costs.hpp"
#include "single_stream_family.hpp"

namespace vlpt::cli {

PolicyCosts<SingleStreamFacts> single_stream_rows() { return row_costs<SingleStreamFamily>(); }

}  // namespace vlpt::cli
