#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/normalisation_fields.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"

namespace vlpt::io {

/// The side of {"height": n, "width": n} or of a count; a CheckpointError where they differ.
inline void read_square(FieldReader const& field, Json const& json, char const* name, Index& side) {
  if (!field.has(name) || !json[name].is_object()) {
    field.count(name, side, max_image_size);
    return;
  }
  FieldReader const size(json[name], field.where() + ": " + name);
  Index width = 0;
  size.count("height", side, max_image_size);
  size.count("width", width, max_image_size);
  if (width != side) size.fail("width", text("the height ", side, " (pictures are square)"));
}

/// The family that an "image_processor_type" (or the older "feature_extractor_type") is of: ViT,
/// the default, DeiT, CLIP or Vilt. CheckpointError for any other: its steps may differ.
[[nodiscard]] inline std::string processor_family(FieldReader const& field) {
  char const* const name =
      field.has("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
  if (!field.has(name)) return "ViT";
  std::string type;
  field.word(name, type);
  for (std::string_view end : {"Fast", "Pil", "ImageProcessor", "FeatureExtractor"})
    if (type.ends_with(end)) type.resize(type.size() - end.size());
  for (char const* family : {"ViT", "DeiT", "CLIP", "Vilt"})
    if (type == family) return type;
  field.fail(name, "an image processor of ViT, DeiT, CLIP or Vilt");
}

/// The steps of Hugging Face's image processors. CheckpointError names a field that is missing,
/// odd, or asks for steps other than those of preprocess() and preprocess_padded().
[[nodiscard]] inline Preprocess hf_preprocess(Json json, std::string const& where) {
  if (json.is_object())
    for (auto at = json.begin(); at != json.end();) at = at->is_null() ? json.erase(at) : ++at;
  FieldReader const field(json, where);
  std::string const family = processor_family(field);
  bool const clip = family == "CLIP", vilt = family == "Vilt";
  Preprocess p;
  auto const shortest = [&] {
    if (!field.has("size")) return false;
    if (!json["size"].is_object()) return (clip || vilt) && !json["size"].is_array();
    for (auto const& [key, value] : json["size"].items())
      if (!value.is_null() && key != "height" && key != "width" && key != "shortest_edge")
        field.fail("size", "one of height and width, or of shortest_edge");
    return json["size"].contains("shortest_edge");
  }();
  if (shortest && json["size"].is_object())
    FieldReader(json["size"], where + ": size").count("shortest_edge", p.size, max_image_size);
  else
    read_square(field, json, "size", p.size);
  if (shortest) p.fit.scale = PictureFit::Scale::shortest;
  read_normalisation(field, "image_mean", "image_std", p);
  auto const asks = [&](char const* step, bool otherwise) {
    if (field.has(step)) field.flag(step, otherwise);
    return otherwise;
  };
  for (char const* step : {"do_resize", "do_rescale", "do_normalize"})
    if (!asks(step, true))
      field.fail(step, "true: every picture is scaled, divided by 255 and normalised");
  for (auto const& [key, value] : json.items()) {
    static constexpr std::array<std::string_view, 6> known{
        "do_resize", "do_rescale", "do_normalize", "do_convert_rgb", "do_center_crop", "do_pad"};
    if (key.starts_with("do_") && std::ranges::find(known, key) == known.end() &&
        value != Json(false))
      field.fail(key.c_str(), "false: there is no such step");
  }
  if (field.has("rescale_factor") &&
      !(json["rescale_factor"].is_number() &&
        std::abs(json["rescale_factor"].get<double>() * 255 - 1) < 1e-6))
    field.fail("rescale_factor", "1/255");
  Index resample = family == "ViT" ? 2 : 3;
  if (field.has("resample") && json["resample"] != 2 && json["resample"] != 3)
    field.fail("resample", "2 (bilinear) or 3 (bicubic)");
  if (field.has("resample")) field.count("resample", resample);
  p.filter = resample == 2 ? Filter::bilinear : Filter::bicubic;
  bool const crops = asks("do_center_crop", clip || family == "DeiT");
  if (vilt) {
    if (!shortest) field.fail("size", "a count, or shortest_edge");
    if (crops) field.fail("do_center_crop", "false: ViLT sees whole pictures");
    if (!asks("do_pad", true)) field.fail("do_pad", "true: pictures of a batch have one canvas");
    p.fit.scale = PictureFit::Scale::multiple;
    if (field.has("size_divisor"))
      field.count("size_divisor", p.fit.multiple, static_cast<std::uint64_t>(p.size));
    return p;
  }
  if (asks("do_pad", false)) field.fail("do_pad", "false: pictures have one size");
  if (!crops && shortest)
    field.fail("do_center_crop", "true, or size must be a height and a width: pictures are square");
  if (crops) {
    p.fit.to = p.size;
    read_square(field, json, "crop_size", p.size);
    if (p.fit.to == p.size) p.fit.to = 0;
  }
  return p;
}

}  // namespace vlpt::io
