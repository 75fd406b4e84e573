#pragma once
#include <array>
#include <string>
#include <string_view>

#include "vlpt/io/config/describe_bert.hpp"
#include "vlpt/io/config/describe_clip.hpp"
#include "vlpt/io/config/describe_meter.hpp"
#include "vlpt/io/config/describe_vilt.hpp"
#include "vlpt/io/config/describe_vit.hpp"
#include "vlpt/io/config/description.hpp"

namespace vlpt::io {

/// A "model_type" of Hugging Face's config.json, and who reads the rest of it.
struct ModelType {
  std::string_view name;
  Description (*describe)(ConfigFile const&, Checkpoint const&);
};

inline constexpr std::array model_types{
    ModelType{"vit", describe_vit},   ModelType{"vit_mae", describe_vit},
    ModelType{"clip", describe_clip}, ModelType{"clip_vision_model", describe_clip_vision},
    ModelType{"bert", describe_bert}, ModelType{"roberta", describe_bert},
    ModelType{"vilt", describe_vilt}, ModelType{"meter", describe_meter}};

/// "model_type" decides; a CheckpointError names one that is not known, and those that are.
[[nodiscard]] inline Description describe_hugging_face(ConfigFile const& file,
                                                       Checkpoint const& checkpoint) {
  FieldReader const field(file.json, file.where);
  std::string type, known;
  field.word("model_type", type);
  for (ModelType const& m : model_types) {
    if (m.name == type) return m.describe(file, checkpoint);
    known += text(known.empty() ? "\"" : ", \"", m.name, '"');
  }
  field.fail("model_type", "one of " + known);
}

}  // namespace vlpt::io
