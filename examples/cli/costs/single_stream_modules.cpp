#include "module_costs.hpp"
#include "single_stream_family.hpp"

namespace vlpt::cli {

PolicyCosts<SingleStreamFacts> single_stream_modules() {
  return module_costs<SingleStreamFamily>();
}

}  // namespace vlpt::cli
