// Counts of whole models: full tuning in APT's tables, and ViT-B/16 (docs/papers.md).
#include "../../examples/papers/full_tuning.hpp"
#include "../../examples/papers/towers.hpp"

using namespace papers;

namespace {

static_assert(vilt_full == 111'595'008 && vilt_full + foreign_modules == 115'428'888);
static_assert(meter_full + meter_leftovers == 319'474'688);
static_assert(meter_full + meter_leftovers + foreign_modules == 323'308'568);
static_assert(meter_leftovers == 631'040);
static_assert(all_hold(full_parameters));

static_assert(vit_macs<1000> == 17'563'828'224);
static_assert(vit_macs<0> == 17'563'060'224);
static_assert(vit_params == 86'567'656);
static_assert(clip_macs == 20'566'873'600, "what fvcore counts: unit rows are no layer norm");

}  // namespace
