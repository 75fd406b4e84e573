#include "meter.hpp"
#include "vlpt/policies/skip/planned.hpp"

namespace growth {
using vlpt::prompt::None;

Subject meter_none(bool published) {
  return published ? meter<vlpt::rows::All, None>() : meter<vlpt::rows::Live, None>();
}
Subject meter_das(bool published) {
  vlpt::skip::Planned<96, 288> skip;
  skip.plan = vlpt::SkipPlan(12, {4, 5, 10, 11});
  return published ? meter<vlpt::rows::All>(None{}, skip) : meter<vlpt::rows::Live>(None{}, skip);
}

}  // namespace growth
