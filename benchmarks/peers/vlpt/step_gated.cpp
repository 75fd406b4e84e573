#include "vision.hpp"
#include "vlpt/policies/prompt/gated.hpp"

peers::Work peers::step_gated(Request const& r) {
  return vision_step<vlpt::prompt::Gated<vlpt::dynamic>>(r);
}
