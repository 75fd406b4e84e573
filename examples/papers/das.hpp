#pragma once
#include <array>

#include "meter.hpp"
#include "vilt.hpp"
#include "vlpt/policies/skip/planned.hpp"

// DAS: layers skipped, adapters of 96 beside the others, short-cuts of 288 (METER), 192 (ViLT).
namespace papers {

using MeterDas = TwoStream<arch::METER_B16_384, prompt::None, skip::Planned<96, 288>>;
using ViltDas = SingleStream<arch::ViLT_B32, prompt::None, skip::Planned<96, 192>>;

/// Four of METER's layers: so many of the image's stream, the others of the text's, last ones
/// first. With every row computed it does not matter which of a stream.
[[nodiscard]] constexpr SkipPlan four_layers(Index of_image) {
  Index layers[4]{};
  for (Index i = 0; i < 4; ++i) layers[i] = i < of_image ? 11 - i : 5 - (i - of_image);
  return SkipPlan(12, std::span<Index const>(layers));
}
template <class Model>
[[nodiscard]] constexpr Index meter_at(SkipPlan const& plan, Tokens tokens) {
  auto settings = Model::Settings::of(tokens);
  if constexpr (requires { settings.skip.plan; }) settings.skip.plan = plan;
  return fvcore<Model>(settings);
}
template <Index Words, Index ImageRows>
inline constexpr Index meter_dense = meter_at<Meter<prompt::None>>({}, {.text = Words,
                                                                        .image = ImageRows});
template <Index OfImage, Index Words = 40, Index ImageRows = 577>
inline constexpr Index das_adds = meter_at<MeterDas>(four_layers(OfImage),
                                                     {.text = Words, .image = ImageRows}) -
                                  meter_dense<Words, ImageRows>;
/// The same in percent of the dense model.
template <Index OfImage, Index Words = 40, Index ImageRows = 577>
inline constexpr double das_change = saving(meter_dense<Words, ImageRows>,
                                            meter_dense<Words, ImageRows> +
                                                das_adds<OfImage, Words, ImageRows>);

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

/// Every way to skip four of METER's layers; here `figure` is with 40 words, as the headline.
struct Split {
  Index of_image, adds;
  double change;
  Printed reported;
};
inline constexpr std::array splits{
    Split{0, das_adds<0>, das_change<0>, {"-2.70 %"}},
    Split{1, das_adds<1>, das_change<1>, {"-7.34 %"}},
    Split{2, das_adds<2>, das_change<2>, {"-11.97 %"}},
    Split{3, das_adds<3>, das_change<3>, {"-16.60 %"}},
    Split{4, das_adds<4>, das_change<4>, {"-21.24 %"}},
};

}  // namespace papers
