#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/io/delta_info.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/safetensors_writer.hpp"

namespace vlpt::io {

/// Writes tensors as a delta that says all this of itself, atomically.
inline void write_delta(std::filesystem::path const& path, std::vector<TensorBytes> tensors,
                        DeltaInfo const& info) {
  std::map<std::string, std::string> said{
      {"format", delta_format},
      {"format_version", delta_version},
      {"class_names", Json(info.class_names).dump()},
      {"preprocess", Json(info.preprocess).dump()},
      {"method", info.method.empty() ? info.policy : info.method},
      {"recipe", info.recipe},
      {"policy", info.policy},
      {"settings", Json(info.settings).dump()},
      {"model", Json(info.model).dump()},
      {"backbone", info.backbone}};
  if (!info.sentence.empty()) said.emplace("sentence", info.sentence);
  if (!info.backbone_halves.empty()) said.emplace("backbone_halves", info.backbone_halves);
  save_safetensors(path, std::move(tensors), said);
}

}  // namespace vlpt::io
