#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/io/prompt_file/base_model.hpp"

namespace vlpt::io {

/// One linear map that prompt::Lora corrects: "layers.0.attention.change.query" and the modules
/// that families name it by, the file's own spelling first.
struct LoraPlace {
  std::string own;
  std::vector<std::string> modules;
};

/// transformers 5 names the modules of ViT and ViT-MAE in another way than their files.
[[nodiscard]] inline std::vector<std::string> renamed_module(std::string const& module) {
  constexpr std::string_view layer = "encoder.layer.", attention = ".attention.attention.";
  auto const a = module.find(layer), b = module.find(attention);
  if (a == std::string::npos || b == std::string::npos || b < a + layer.size()) return {};
  std::string const number = module.substr(a + layer.size(), b - a - layer.size()),
                    part = module.substr(b + attention.size());
  return {module.substr(0, a) + "layers." + number + ".attention." + part.substr(0, 1) + "_proj"};
}

/// All linear maps that prompt::Lora corrects in this model: queries and values of every attention
/// that takes a policy. InputError where the family names them together, as one map.
[[nodiscard]] inline std::vector<LoraPlace> lora_places(BaseModel const& base) {
  std::vector<LoraPlace> out;
  auto const add = [&](std::string const& map, std::size_t part, std::size_t parts,
                       std::string const& own) {
    auto const source = base.naming.source(map + ".weight");
    if (!source || source->names.size() != parts)
      throw InputError(
          text("a LoRA of PEFT stands on maps of queries and of values of their own, but "
               "the names of ",
               base.naming.family, " have one for ", map));
    LoraPlace place{own, {}};
    constexpr std::size_t ending = std::string_view(".weight").size();
    auto spellings = base.naming.spellings(source->names[part]);
    std::stable_partition(spellings.begin(), spellings.end(), [&](auto const& name) {
      return base.checkpoint->find(name).record != nullptr;
    });
    for (std::string const& name : spellings)
      place.modules.push_back(name.substr(0, name.size() - ending));
    for (std::size_t i = 0, n = place.modules.size(); i < n; ++i)
      for (std::string& other : renamed_module(place.modules[i]))
        place.modules.push_back(std::move(other));
    out.push_back(std::move(place));
  };
  std::string const start = base.dual ? "image.layers." : "layers.";
  for (ManifestEntry const& e : base.frozen) {
    if (!e.name.starts_with(start)) continue;
    if (std::string_view const end = ".attention.qkv.weight"; e.name.ends_with(end)) {
      std::string const layer = e.name.substr(0, e.name.size() - end.size());
      add(layer + ".attention.qkv", 0, 3, layer + ".attention.change.query");
      add(layer + ".attention.qkv", 2, 3, layer + ".attention.change.value");
    }
    if (std::string_view const end = ".cross.query.weight"; e.name.ends_with(end)) {
      std::string const layer = e.name.substr(0, e.name.size() - end.size());
      add(layer + ".cross.query", 0, 1, layer + ".cross.change.query");
      add(layer + ".cross.kv", 1, 2, layer + ".cross.change.value");
    }
  }
  return out;
}

}  // namespace vlpt::io
