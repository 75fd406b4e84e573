#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "vlpt/core/error.hpp"
#include "vlpt/io/dataset/hf_preprocess.hpp"
#include "vlpt/io/dataset/open_clip_preprocess.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/dataset/timm_preprocess.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::io {

/// The file of a model's folder that says how pictures are prepared: Hugging Face's
/// preprocessor_config.json or processor_config.json, open_clip's open_clip_config.json, or else
/// config.json where it is timm's.
[[nodiscard]] inline std::filesystem::path preprocess_file(std::filesystem::path const& folder) {
  for (char const* name :
       {"preprocessor_config.json", "processor_config.json", "open_clip_config.json"})
    if (is_there(folder / name)) return folder / name;
  if (auto const config = folder / "config.json"; is_there(config)) {
    Json const json = parse_json<CheckpointError>(read_file(config), config.string());
    if (json.is_object() && (json.contains("pretrained_cfg") || json.contains("architecture")))
      return config;
  }
  return folder / "preprocessor_config.json";
}

/// Reads how a model wants its pictures from such a file, or from its folder. CheckpointError names
/// a field that is missing, odd, or asks for steps other than those that vlpt has.
[[nodiscard]] inline Preprocess read_preprocess(std::filesystem::path path) {
  if (is_folder(path)) path = preprocess_file(path);
  std::string const where = path.string();
  Json const json = parse_json<CheckpointError>(read_file(path), where);
  auto const has = [&json](char const* key) { return json.is_object() && json.contains(key); };
  if (has("image_processor") && json["image_processor"].is_object())
    return hf_preprocess(json["image_processor"], where + ": image_processor");
  if (has("preprocess_cfg") || has("model_cfg")) return open_clip_preprocess(json, where);
  if (has("pretrained_cfg") || has("architecture")) return timm_preprocess(json, where);
  return hf_preprocess(json, where);
}

/// Writes a preprocessor_config.json that read_preprocess and Hugging Face read, atomically.
/// requires: one mean and one std a channel; steps that Hugging Face has (it knows no Half::even).
inline void write_preprocess(std::filesystem::path const& path, Preprocess const& p) {
  using Scale = PictureFit::Scale;
  auto const channels = static_cast<std::size_t>(p.channels);
  VLPT_CHECK(p.mean.size() == channels && p.std.size() == channels, "mean and std need ", channels,
             " entries, got ", p.mean.size(), " and ", p.std.size());
  Index const side = p.fit.to > 0 ? p.fit.to : p.size;
  bool const crops = p.fit.scale == Scale::shortest || side != p.size;
  VLPT_CHECK(!crops || p.fit.half == PictureFit::Half::down, path.string(),
             ": Hugging Face's image processors cut out the centre with Half::down only");
  bool const whole = p.fit.scale == Scale::stretch;
  Json json{
      {"image_processor_type", whole && !crops    ? "ViTImageProcessor"
                               : p.fit.own_size() ? "ViltImageProcessor"
                                                  : "CLIPImageProcessor"},
      {"do_resize", true},
      {"do_rescale", true},
      {"do_normalize", true},
      {"rescale_factor", 1 / 255.0},
      {"size", whole ? Json{{"height", side}, {"width", side}} : Json{{"shortest_edge", side}}},
      {"image_mean", p.mean},
      {"image_std", p.std},
      {"resample", p.filter == Filter::bilinear ? 2 : 3}};
  if (p.fit.own_size())
    json.update({{"do_pad", true}, {"size_divisor", p.fit.multiple}});
  else if (crops)
    json.update({{"do_center_crop", true},
                 {"crop_size", {{"height", p.size}, {"width", p.size}}},
                 {"do_convert_rgb", p.channels == 3}});
  write_file(path, std::string_view(json.dump(2) + "\n"));
}

}  // namespace vlpt::io
