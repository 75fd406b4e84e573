#pragma once
#include <cmath>
#include <string>
#include <vector>

#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/normalisation_fields.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"

namespace vlpt::io {

/// What timm's config.json ("pretrained_cfg", in older files the top level) says of evaluation: the
/// shorter side to input_size / crop_pct, then the centre. CheckpointError names an odd field.
[[nodiscard]] inline Preprocess timm_preprocess(Json const& json, std::string const& where) {
  bool const inner = json.is_object() && json.contains("pretrained_cfg");
  Json const& config = inner ? json["pretrained_cfg"] : json;
  FieldReader const field(config, inner ? where + ": pretrained_cfg" : where);
  Preprocess p;
  p.filter = Filter::bicubic;
  p.mean = {0.485, 0.456, 0.406}, p.std = {0.229, 0.224, 0.225};  // timm's defaults
  if (field.has("mean") || field.has("std")) read_normalisation(field, "mean", "std", p);
  if (field.has("interpolation")) read_filter(field, "interpolation", p.filter);
  std::vector<double> size;
  if (field.has("input_size")) {
    field.numbers("input_size", size);
    auto const side = size.size() == 3 ? size[1] : 0;
    if (size.size() != 3 || size[0] != static_cast<double>(p.channels) || size[2] != side ||
        !(side >= 1 && side <= static_cast<double>(max_image_size)) || side != std::floor(side))
      field.fail("input_size", text("[", p.channels, ", n, n], n from 1 to ", max_image_size));
    p.size = static_cast<Index>(side);
  }
  double kept = 0.875;
  if (field.has("crop_pct") && config["crop_pct"] != Json(1)) {
    field.fraction("crop_pct", kept);
    if (kept < 0.1) field.fail("crop_pct", "a number from 0.1 to 1");
  } else if (field.has("crop_pct")) {
    kept = 1;
  }
  std::string mode = "center";
  if (field.has("crop_mode")) field.word("crop_mode", mode);
  if (mode != "center" && mode != "squash") field.fail("crop_mode", "\"center\" or \"squash\"");
  p.fit = {.scale = mode == "center" ? PictureFit::Scale::shortest : PictureFit::Scale::stretch,
           .to = static_cast<Index>(std::floor(static_cast<double>(p.size) / kept)),
           .half = PictureFit::Half::even};
  if (p.fit.to == p.size) p.fit.to = 0;
  return p;
}

}  // namespace vlpt::io
