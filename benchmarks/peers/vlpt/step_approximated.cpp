#include "vision.hpp"
#include "vlpt/policies/prompt/approximated.hpp"

peers::Work peers::step_approximated(Request const& r) {
  return vision_step<vlpt::prompt::Approximated<vlpt::dynamic>>(r);
}
