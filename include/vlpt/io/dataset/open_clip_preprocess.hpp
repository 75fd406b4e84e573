#pragma once
#include <string>

#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/normalisation_fields.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"

namespace vlpt::io {

/// The preprocessing that CLIP was published with, also METER's (at 288 or 384): the shorter side
/// to the model's size, bicubic, then the centre.
[[nodiscard]] inline Preprocess clip_preprocess(Index size) {
  return {.size = size,
          .channels = 3,
          .mean = {0.48145466, 0.4578275, 0.40821073},
          .std = {0.26862954, 0.26130258, 0.27577711},
          .filter = Filter::bicubic,
          .fit = {.scale = PictureFit::Scale::shortest, .half = PictureFit::Half::even}};
}

/// What open_clip_config.json says: "preprocess_cfg", and the image size of its "model_cfg".
/// CheckpointError names a field that is odd or asks for another step.
[[nodiscard]] inline Preprocess open_clip_preprocess(Json const& json, std::string const& where) {
  FieldReader const whole(json, where);
  Preprocess p = clip_preprocess(224);
  if (whole.has("model_cfg") && json["model_cfg"].is_object() &&
      json["model_cfg"].contains("vision_cfg")) {
    FieldReader const vision(json["model_cfg"]["vision_cfg"], where + ": model_cfg.vision_cfg");
    if (vision.has("image_size")) vision.count("image_size", p.size, max_image_size);
  }
  if (!whole.has("preprocess_cfg")) return p;
  FieldReader const field(json["preprocess_cfg"], where + ": preprocess_cfg");
  if (field.has("size")) field.count("size", p.size, max_image_size);
  if (field.has("mean") || field.has("std")) read_normalisation(field, "mean", "std", p);
  if (field.has("interpolation")) read_filter(field, "interpolation", p.filter);
  std::string mode = "shortest", colours = "RGB";
  if (field.has("resize_mode")) field.word("resize_mode", mode);
  if (mode != "shortest" && mode != "squash")
    field.fail("resize_mode", "\"shortest\" or \"squash\"");
  if (mode == "squash") p.fit.scale = PictureFit::Scale::stretch;
  if (field.has("mode")) field.word("mode", colours);
  if (colours != "RGB") field.fail("mode", "\"RGB\"");
  return p;
}

}  // namespace vlpt::io
