#pragma once
#include "meter.hpp"
#include "vlpt/policies/skip/planned.hpp"

// DAS on METER: layers skipped, adapters of 96 beside the others, short-cuts of 288.
namespace papers {

using MeterDas = TwoStream<arch::METER_B16_384, prompt::None, skip::Planned<96, 288>>;

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

}  // namespace papers
