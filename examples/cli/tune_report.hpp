#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tuning.hpp"
#include "vlpt/core/cost.hpp"
#include "vlpt/train/confusion.hpp"

namespace vlpt::cli {

/// What came of a tuning, for people and for programs.
struct TuneReport {
  io::ModelFolder const& folder;
  Data const& data;
  Split const& split;
  TuneChoice const& choice;
  Tuning const& tuning;
  Classifier const& classifier;
  Confusion const& confusion;
  Cost cost;
  std::string before, after;  // SHA-256 of what stays frozen
  std::vector<EpochSummary> const& curve;
  std::optional<FoundLayers> const& found;
  std::optional<CacheNeeds> const& cache;
  std::filesystem::path delta;

  [[nodiscard]] io::Json json() const;
  [[nodiscard]] std::string text() const;

 private:
  /// The hash of full tuning is of what stays frozen, which is nothing that it tunes.
  [[nodiscard]] bool everything() const { return choice.policy.name == "full"; }
  [[nodiscard]] bool unchanged() const { return before == after && !everything(); }
};

}  // namespace vlpt::cli
