#pragma once
#include "row.hpp"
#include "vlpt/models/two_stream.hpp"
#include "vlpt/policies/prompt/approximated.hpp"

// METER (CLIP B/16, RoBERTa) at 384 pixels in APT's tables: 577 image rows, 40 or 41 words.
namespace papers {

template <class Prompt>
using Meter = TwoStream<arch::METER_B16_384, Prompt>;
/// METER's code leaves APT's scale at 0.
using MeterApt = prompt::Approximated<200, 4, Rectified, false>;

template <class Prompt, Index Words>
inline constexpr Index meter_macs =
    fvcore<Meter<Prompt>>(Meter<Prompt>::Settings::of({.text = Words, .image = 577}));
template <class Prompt, Index Words>
inline constexpr Index meter_adds = meter_macs<Prompt, Words> - meter_macs<prompt::None, Words>;
/// The parameters that a method has, which METER's code does not all train.
template <class Prompt>
inline constexpr Index meter_holds = parameters<Meter<Prompt>>().params
                                     - parameters<Meter<prompt::None>>().params;

/// What the table charges deep prompts: projections of `sets` sets, and for each the queries of
/// both streams. No model computes that: a query belongs to one stream.
[[nodiscard]] constexpr Index meter_table_deep(Index sets, Index words) {
  Index const p = 200, d = arch::METER_B16_384::dim, rows = words + 577;
  return sets * (3 * p * d * d + 2 * p * rows * d);
}

}  // namespace papers
