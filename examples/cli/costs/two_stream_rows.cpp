#include "row_costs.hpp"
#include "two_stream_family.hpp"

namespace vlpt::cli {

PolicyCosts<TwoStreamFacts> two_stream_rows() { return row_costs<TwoStreamFamily>(); }

}  // namespace vlpt::cli
