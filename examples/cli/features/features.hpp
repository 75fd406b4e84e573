#pragma once
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/io/model_folder.hpp"

namespace vlpt::cli {

/// What a model is asked to look at.
struct FeatureRequest {
  std::vector<std::string> images;  // files
  std::vector<std::string> texts;
  bool strict = false;  // whether a text that is cut is an error
};

/// What it makes of them, a row each: projected and not normalised in a dual encoder, the pooled
/// output elsewhere. A model of texts with pictures reads them in pairs.
struct Features {
  std::optional<Tensor<float>> images{}, texts{}, logits_per_image{};
};

// A family of models each, every one in a file of its own.
[[nodiscard]] Features features_of_vision(io::ModelFolder const& folder, FeatureRequest const& r);
[[nodiscard]] Features features_of_dual(io::ModelFolder const& folder, FeatureRequest const& r);
[[nodiscard]] Features features_of_single_stream(io::ModelFolder const& folder,
                                                 FeatureRequest const& r);
[[nodiscard]] Features features_of_texts(io::ModelFolder const& folder, FeatureRequest const& r);

/// Packs a folder's weights; the file that features_of_* will read instead of them.
[[nodiscard]] std::filesystem::path pack_vision(io::ModelFolder const& folder);
[[nodiscard]] std::filesystem::path pack_dual(io::ModelFolder const& folder);
[[nodiscard]] std::filesystem::path pack_single_stream(io::ModelFolder const& folder);
[[nodiscard]] std::filesystem::path pack_texts(io::ModelFolder const& folder);

/// The pictures as planes (images, channels, size, size).
[[nodiscard]] Tensor<float> planes_of(io::Preprocess const& how,
                                      std::vector<std::string> const& files);
/// f(first, planes) for a few pictures at a time, so that many of them need no large memory.
template <class F>
void each_piece(io::Preprocess const& how, std::vector<std::string> const& files, F const& f) {
  constexpr std::size_t piece = 32;
  for (std::size_t first = 0; first < files.size(); first += piece) {
    auto const from = files.begin() + static_cast<Index>(first);
    auto const n = static_cast<Index>(std::min(piece, files.size() - first));
    f(static_cast<Index>(first), planes_of(how, {from, from + n}));
  }
}
/// Throws RunError unless all are finite.
[[nodiscard]] Tensor<float> checked_features(Tensor<float> features);

}  // namespace vlpt::cli
