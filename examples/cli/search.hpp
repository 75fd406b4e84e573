#pragma once
#include "classifier.hpp"
#include "vlpt/core/skip_plan.hpp"
#include "vlpt/train/search/search_settings.hpp"

namespace vlpt::cli {

/// What a search of layers to leave out found.
struct FoundLayers {
  SkipPlan plan;
  std::vector<double> preferences;  // of each layer to be skipped
  std::vector<EpochSummary> curve;
};

/// How `layers` of `depth` are searched in so many epochs: DAS's settings, but that a few images
/// make few steps, so every step updates. InputError where a model has too few layers.
[[nodiscard]] SearchSettings search_settings(Index depth, Index layers, Index epochs,
                                             std::uint64_t seed);

/// Searches on `tuning.train` which layers the backbone misses least; sub-networks are compared on
/// `tuning.valid`, or, where there are none, on the images that they are trained on. Saved in
/// tuning.fit.folder and resumed from it as any run. What was trained is not kept, as published.
[[nodiscard]] FoundLayers search_layers(io::ModelFolder const& folder,
                                        ClassifierSettings const& settings, Tuning const& tuning,
                                        SearchSettings const& search, TrainingWatch& watch);

}  // namespace vlpt::cli
