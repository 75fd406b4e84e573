#pragma once
#include <array>

#include "das.hpp"
#include "vilt.hpp"

// What DAS trains, and DAS on ViLT, whose short-cuts are of 192.
namespace papers {

using ViltDas = SingleStream<arch::ViLT_B32, prompt::None, skip::Planned<96, 192>>;

/// One of ViLT's layers.
inline constexpr Index das_vilt_adds = [] {
  auto settings = ViltDas::Settings::of({.text = 40, .image = 201});
  settings.skip.plan = SkipPlan(12, {11});
  return fvcore<ViltDas>(settings) - vilt_macs<prompt::None, 40>;
}();
inline constexpr double das_vilt_change =
    saving(vilt_macs<prompt::None, 40>, vilt_macs<prompt::None, 40> + das_vilt_adds);

/// Adapters and short-cuts.
inline constexpr Index das_meter_trains = [] {
  MeterDas::Settings settings;
  settings.skip.plan = four_layers(2);
  return parameters<MeterDas>(settings).trainable - parameters<Meter<prompt::None>>().trainable;
}();
inline constexpr Index das_vilt_trains = [] {
  ViltDas::Settings settings;
  settings.skip.plan = SkipPlan(12, {11});
  return parameters<ViltDas>(settings).trainable - parameters<Vilt<prompt::None>>().trainable;
}();

inline constexpr std::array das_parameters{
    Row{.method = "METER, 4 of 12 layers skipped",
        .reported = {"5.34 M"},
        .read = Read::memory,
        .figure = das_meter_trains,
        .counted = "Planned<96, 288>",
        .agrees = Agrees::no,
        .why = "5.34 M are 36 adapters of 96 without their layer norms; the released code has 24 "
               "with norms and 4 short-cuts"},
    Row{.method = "ViLT, 1 of 12 layers skipped",
        .reported = {},
        .read = Read::nowhere,
        .figure = das_vilt_trains,
        .counted = "Planned<96, 192>"},
};

}  // namespace papers
