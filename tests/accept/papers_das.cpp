// What DAS saves and trains: every split of four layers on METER, and ViLT (docs/papers.md).
#include "../../examples/papers/das.hpp"

using namespace papers;

namespace {

constexpr bool every_split() {
  for (Split const& s : splits)
    if (!prints(s.change, s.reported)) return false;
  return true;
}
static_assert(every_split());
static_assert(das_adds<2> == -11'158'361'088 && prints(das_adds<2>, {"-11.158 G"}));
static_assert(prints(das_adds<2, 41>, {"-11.178 G"}));
static_assert(prints(das_change<2>, {"-11.969 %"}));
static_assert(prints(das_change<2, 40, 325>, {"-11.95 %"}), "NLVR2, 288 pixels");
static_assert(prints(das_vilt_adds, {"-0.923 G"}) && prints(das_vilt_change, {"-4.2 %"}));
static_assert(das_meter_trains == 5'376'384 && das_vilt_trains == 3'594'240);
static_assert(all_hold(das_parameters));

}  // namespace
