#pragma once
#include <string>
#include <utility>

#include "vlpt/io/config/clip_config.hpp"
#include "vlpt/io/config/description.hpp"
#include "vlpt/io/config/size_check.hpp"
#include "vlpt/io/naming/clip.hpp"

namespace vlpt::io {

/// One of CLIP's two configs inside the model's: "text_config", and where an old file has
/// "text_config_dict", its fields, which win as they do in transformers.
[[nodiscard]] inline Json nested_config(ConfigFile const& file, char const* name) {
  Json out = Json::object();
  for (std::string const& key : {std::string(name), std::string(name) + "_dict"}) {
    if (!file.json.contains(key) || file.json[key].is_null()) continue;
    if (!file.json[key].is_object())
      throw CheckpointError(text(file.where, ": field \"", key, "\" must be an object"));
    out.update(file.json[key]);
  }
  return out;
}

inline void check_clip_tower(SizeCheck const& check, ClipTowerConfig const& c,
                             std::string const& part) {
  check.layers("num_hidden_layers", c.num_hidden_layers, part);
  check.size("hidden_size", c.hidden_size, part + "norm.weight", "the last norm is");
  check.extent("intermediate_size", c.intermediate_size, part + "layers.0.mlp.fc1.weight", 0,
               "the first MLP is");
}
inline void check_clip_vision(ConfigFile const& file, Checkpoint const& checkpoint,
                              Naming const& naming, ClipVisionConfig const& c,
                              std::string const& part) {
  SizeCheck const check(file.where + ": vision_config", checkpoint, naming);
  check_clip_tower(check, c, part);
  check.positions(c.image_size, c.patch_size, c.hidden_size, part + "embed.positions");
}

/// Hugging Face's CLIPModel. The width of the joint space is the "projection_dim" beside the two
/// nested configs, not the ones within.
[[nodiscard]] inline Description describe_clip(ConfigFile const& file,
                                               Checkpoint const& checkpoint) {
  FieldReader const field(file.json, file.where);
  auto const image =
      clip_vision_config(nested_config(file, "vision_config"), file.where + ": vision_config");
  auto const words =
      clip_text_config(nested_config(file, "text_config"), file.where + ": text_config");
  Index projection = 512;
  if (field.has("projection_dim")) field.count("projection_dim", projection, max_width);
  Naming naming =
      naming_of(checkpoint, {naming::clip_hf(), naming::clip_openai()}, "image.embed.class_row");
  check_clip_vision(file, checkpoint, naming, image, "image.");
  SizeCheck const texts(file.where + ": text_config", checkpoint, naming);
  check_clip_tower(texts, words, "text.");
  texts.size("vocab_size", words.vocab_size * words.hidden_size, "text.embed.tokens",
             "the table of words is");
  DualFamily family{vision_facts(image, projection), text_facts(words)};
  family.facts.check(), family.text.check();
  return {family, std::move(naming)};
}

/// Hugging Face's CLIPVisionModel, and CLIPVisionModelWithProjection where the file has one.
[[nodiscard]] inline Description describe_clip_vision(ConfigFile const& file,
                                                      Checkpoint const& checkpoint) {
  auto const c = clip_vision_config(file.json, file.where);
  Naming naming = naming::clip_vision_hf();
  bool const projects = find_canonical(checkpoint, naming, "projection.weight") != nullptr;
  check_clip_vision(file, checkpoint, naming, c, "");
  VisionFamily family{vision_facts(c, projects ? c.projection_dim : 0)};
  family.facts.check();
  return {family, std::move(naming)};
}

}  // namespace vlpt::io
