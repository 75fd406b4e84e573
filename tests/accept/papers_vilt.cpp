// What APT's tables print for ViLT, counted, to the printed digit (docs/papers.md).
#include "../../examples/papers/vilt_rows.hpp"

using namespace papers;

namespace {

static_assert(vilt_holds<prompt::Approximated<200, 4>> == 1'916'940);
static_assert(vilt_holds<prompt::Deep<200>> == 1'843'200);
static_assert(vilt_holds<prompt::Adapter<96>> == 3'559'680);
static_assert(vilt_holds<prompt::ParallelAdapter<96>> == 1'798'272);
static_assert(vilt_holds<prompt::Lora<4>> == 147'456);
static_assert(all_hold(vilt_parameters));

/// Multiply-accumulates with 40 and with 41 words.
template <class Prompt>
constexpr bool adds(Printed with_40, Printed with_41) {
  return prints(vilt_adds<Prompt, 40>, with_40) && prints(vilt_adds<Prompt, 41>, with_41);
}
static_assert(adds<prompt::Shallow<200>>({"19.519 G"}, {"19.527 G"}));
static_assert(prints(vilt_adds<prompt::Deep<200>, 40>, {"5.135 G"}) &&
              prints(vilt_adds<prompt::Deep<200>, 41>, {"5.139 G"}));
static_assert(adds<prompt::Adapter<96>>({"0.853 G"}, {"0.856 G"}));
static_assert(adds<prompt::ParallelAdapter<96>>({"0.438 G"}, {"0.439 G"}));
static_assert(adds<prompt::Approximated<200, 4>>({"0.903 G"}, {"0.907 G"}));
static_assert(all_hold(vilt_flops));
static_assert(prints(vilt_macs<prompt::None, 40>, {"22.03 G"}));

// What a printed figure says.
static_assert(Printed{"-11.97 %"}.digits() == -1197 && Printed{"13.05 G"}.step() == 1e7);
static_assert(prints(1.0051, {"1.01"}) && !prints(1.0049, {"1.01"}) && prints(-2.5, {"-3"}));
static_assert(truncates(Index{3'686'400}, {"3.68 M"}) && !prints(Index{3'686'400}, {"3.68 M"}));

}  // namespace
