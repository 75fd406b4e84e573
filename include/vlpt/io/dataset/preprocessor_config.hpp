#pragma once
#include <cmath>
#include <filesystem>
#include <string_view>

#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::io {

/// The side of {"height": n, "width": n}; a CheckpointError where they differ.
inline void read_square(FieldReader const& size, Index& side) {
  Index width = 0;
  size.count("height", side, max_image_size);
  size.count("width", width, max_image_size);
  if (width != side) size.fail("width", text("the height ", side, " (pictures are square)"));
}

/// Reads Hugging Face's preprocessor_config.json (the file or its folder): mean, std, size and
/// filter. The number of channels is the number of means. CheckpointError names a field that is
/// missing, odd, or asks for steps other than those of preprocess().
[[nodiscard]] inline Preprocess read_preprocess(std::filesystem::path path) {
  if (is_folder(path)) path /= "preprocessor_config.json";
  Json const json = parse_json<CheckpointError>(read_file(path), path.string());
  FieldReader const field(json, path.string());
  Preprocess p;
  if (field.has("size") && json["size"].is_object())
    read_square(FieldReader(json["size"], path.string() + ": size"), p.size);
  else
    field.count("size", p.size, max_image_size);
  field.numbers("image_mean", p.mean);
  field.numbers("image_std", p.std);
  p.channels = static_cast<Index>(p.mean.size());
  if (p.channels != 1 && p.channels != 3) field.fail("image_mean", "a list of 1 or 3 numbers");
  if (p.std.size() != p.mean.size()) field.fail("image_std", "as long as image_mean");
  for (double m : p.mean)
    if (!(std::abs(m) <= 10)) field.fail("image_mean", "a list of numbers from -10 to 10");
  for (double s : p.std)
    if (!(s >= 1e-3 && s <= 100)) field.fail("image_std", "a list of numbers from 0.001 to 100");
  for (char const* step : {"do_resize", "do_rescale", "do_normalize"}) {
    bool done = true;
    if (field.has(step)) field.flag(step, done);
    if (!done) field.fail(step, "true: every picture is scaled, divided by 255 and normalised");
  }
  if (field.has("rescale_factor") &&
      !(json["rescale_factor"].is_number() &&
        std::abs(json["rescale_factor"].get<double>() * 255 - 1) < 1e-6))
    field.fail("rescale_factor", "1/255");
  Index resample = 2;
  if (field.has("resample")) field.count("resample", resample);
  if (resample != 2 && resample != 3) field.fail("resample", "2 (bilinear) or 3 (bicubic)");
  p.filter = resample == 2 ? Filter::bilinear : Filter::bicubic;
  return p;
}

/// Writes a preprocessor_config.json that read_preprocess and Hugging Face read, atomically.
/// requires: one mean and one std a channel.
inline void write_preprocess(std::filesystem::path const& path, Preprocess const& p) {
  auto const channels = static_cast<std::size_t>(p.channels);
  VLPT_CHECK(p.mean.size() == channels && p.std.size() == channels, "mean and std need ", channels,
             " entries, got ", p.mean.size(), " and ", p.std.size());
  Json const json{{"image_processor_type", "ViTImageProcessor"},
                  {"do_resize", true},
                  {"do_rescale", true},
                  {"do_normalize", true},
                  {"rescale_factor", 1 / 255.0},
                  {"size", {{"height", p.size}, {"width", p.size}}},
                  {"image_mean", p.mean},
                  {"image_std", p.std},
                  {"resample", p.filter == Filter::bilinear ? 2 : 3}};
  write_file(path, std::string_view(json.dump(2) + "\n"));
}

}  // namespace vlpt::io
