// What DAS saves and trains: METER at 384 and 288 pixels, and ViLT (docs/papers.md).
#include "../../examples/papers/das_rows.hpp"

using namespace papers;

namespace {

static_assert(das_adds<2> == -11'158'361'088 && prints(das_adds<2>, {"-11.158 G"}));
static_assert(prints(das_adds<2, 41>, {"-11.178 G"}));
static_assert(prints(das_change<2>, {"-11.969 %"}));
static_assert(prints(das_change<2, 40, 325>, {"-11.95 %"}), "NLVR2, 288 pixels");
static_assert(prints(das_vilt_adds, {"-0.923 G"}) && prints(das_vilt_change, {"-4.2 %"}));
static_assert(das_meter_trains == 5'376'384 && das_vilt_trains == 3'594'240);
static_assert(all_hold(das_parameters));

}  // namespace
