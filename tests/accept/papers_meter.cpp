// What APT's tables print for METER, counted, to the printed digit (docs/papers.md).
#include "../../examples/papers/meter_rows.hpp"

using namespace papers;

namespace {

static_assert(meter_holds<prompt::Approximated<200, 4>> == 3'833'880);
static_assert(meter_holds<MeterApt> == 3'833'880 - 24, "the scales that it does not train");
static_assert(2 * meter_holds<prompt::Deep<200>> == 3'686'400);
static_assert(meter_holds<prompt::Adapter<96>> == 5'339'520);
static_assert(meter_holds<prompt::ParallelAdapter<96, true>> == 3'596'544);
static_assert(meter_holds<prompt::ParallelAdapter<102, true>> == 3'817'872);
static_assert(meter_holds<prompt::Lora<4>> == 294'912);
static_assert(all_hold(meter_parameters));

/// Multiply-accumulates with 40 and with 41 words.
template <class Prompt>
constexpr bool adds(Printed with_40, Printed with_41) {
  return prints(meter_adds<Prompt, 40>, with_40) && prints(meter_adds<Prompt, 41>, with_41);
}
static_assert(adds<prompt::Shallow<200>>({"28.700 G"}, {"28.708 G"}));
static_assert(adds<prompt::Deep<200>>({"3.968 G"}, {"3.970 G"}));
static_assert(adds<prompt::Adapter<96>>({"1.638 G"}, {"1.640 G"}));
static_assert(adds<prompt::ParallelAdapter<96, true>>({"1.120 G"}, {"1.122 G"}));
static_assert(adds<prompt::ParallelAdapter<102, true>>({"1.188 G"}, {"1.190 G"}));
static_assert(adds<MeterApt>({"2.304 G"}, {"2.308 G"}));
static_assert(all_hold(meter_flops));

// Formulas that no model executes.
constexpr bool charged(Index sets, Printed with_40, Printed with_41) {
  return prints(meter_table_deep(sets, 40), with_40) && prints(meter_table_deep(sets, 41), with_41);
}
static_assert(charged(24, {"13.042 G"}, {"13.050 G"}));
static_assert(charged(12, {"6.521 G"}, {"6.525 G"}));

}  // namespace
