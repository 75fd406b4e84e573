#include "vision.hpp"
#include "vlpt/policies/prompt/deep.hpp"

peers::Work peers::step_deep(Request const& r) {
  return vision_step<vlpt::prompt::Deep<vlpt::dynamic>>(r);
}
