#include "meter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

namespace growth {

using Deep = vlpt::prompt::Deep<200>;
using Approximated = vlpt::prompt::Approximated<200, 4, vlpt::Rectified, false>;

Subject meter_deep(bool published) {
  return published ? meter<vlpt::rows::All, Deep>() : meter<vlpt::rows::Live, Deep>();
}
Subject meter_approximated(bool published) {
  return published ? meter<vlpt::rows::All, Approximated>()
                   : meter<vlpt::rows::Live, Approximated>();
}
Subject meter_shallow() { return meter<vlpt::rows::All, vlpt::prompt::Shallow<200>>(); }

}  // namespace growth
