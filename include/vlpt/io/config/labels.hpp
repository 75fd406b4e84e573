#pragma once
#include <string>
#include <vector>

#include "vlpt/io/config/description.hpp"
#include "vlpt/io/config/size_check.hpp"

namespace vlpt::io {

/// The classes of the head that the file holds; 0: it holds none.
[[nodiscard]] inline Index head_rows(Checkpoint const& checkpoint, Naming const& naming) {
  auto const* const record = find_canonical(checkpoint, naming, "head.weight");
  return record != nullptr && record->shape.rank == 2 ? record->shape[0] : 0;
}

/// The names of a head's classes: "id2label", {"0": "cat", ...}. None without a head or the field;
/// a CheckpointError where their number is another one or a name is missing.
[[nodiscard]] inline std::vector<std::string> labels_of(ConfigFile const& file, Index classes) {
  std::vector<std::string> labels;
  if (classes == 0 || !file.json.contains("id2label")) return labels;
  Json const& names = file.json["id2label"];
  auto const refuse = [&](std::string const& expected) {
    throw CheckpointError(text(file.where, ": field \"id2label\" must ", expected));
  };
  if (!names.is_object() || static_cast<Index>(names.size()) != classes)
    refuse(text("name the ", classes, " classes of the file's head, not ", names.size()));
  for (Index i = 0; i < classes; ++i) {
    std::string const key = text(i);
    if (!names.contains(key) || !names[key].is_string())
      refuse(text("have a name for \"", key, "\""));
    labels.push_back(names[key].get<std::string>());
  }
  return labels;
}

/// The same in timm's config.json: "label_names", a list.
[[nodiscard]] inline std::vector<std::string> timm_labels(ConfigFile const& file, Index classes) {
  std::vector<std::string> labels;
  if (classes == 0 || !file.json.contains("label_names")) return labels;
  Json const& names = file.json["label_names"];
  bool good = names.is_array() && static_cast<Index>(names.size()) == classes;
  for (Json const& name : names) good = good && name.is_string();
  if (!good)
    throw CheckpointError(text(file.where, ": field \"label_names\" must name the ", classes,
                               " classes of the file's head"));
  for (Json const& name : names) labels.push_back(name.get<std::string>());
  return labels;
}

}  // namespace vlpt::io
