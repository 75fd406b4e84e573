#pragma once
#include <optional>

#include "search.hpp"
#include "split.hpp"

namespace vlpt::cli {

/// How a policy is tuned; what is not given is the policy's own default.
struct TuneChoice {
  PolicyChoice policy;
  std::optional<Index> epochs{};
  std::optional<double> learning_rate{};
  Index batch = 32;
  std::optional<double> weight_decay{};
  double flip = 0;  // chance of a mirror image
  double crop = 1;  // smallest share of an image's area that a random crop keeps
  Index patience = 0;
  std::optional<Index>
      cache{};              // MiB for what precedes the first learner: FitSettings::cache_bytes
  Index skip_layers = 2;    // how many a search leaves out
  Index search_epochs = 8;  // of the search
  std::uint64_t seed = 1;
};

/// The tuning of `split.train`: AdamW, a tenth of the steps to warm up, then a cosine to 0.
[[nodiscard]] Tuning tuning_of(TuneChoice const& choice, io::ModelFolder const& folder,
                               Images const& images, Split const& split);

/// Searches the layers that the policy leaves out, with the choice's rate and decay; the search's
/// checkpoints go to `into`, or nowhere.
[[nodiscard]] FoundLayers search_for(TuneChoice const& choice, io::ModelFolder const& folder,
                                     ClassifierSettings const& settings, Tuning tuning,
                                     std::filesystem::path const& into, Progress& progress,
                                     std::string const& what);

}  // namespace vlpt::cli
