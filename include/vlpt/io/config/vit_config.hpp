#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/config/image_sizes.hpp"
#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::io {

/// The config.json of Hugging Face's ViT and ViT-MAE. The decoder's part is for vit_mae only.
struct VitConfig {
  std::string model_type = "vit";
  Index hidden_size = 768;
  Index num_hidden_layers = 12;
  Index num_attention_heads = 12;
  Index intermediate_size = 3072;
  Index image_size = 224;
  Index patch_size = 16;
  Index num_channels = 3;
  double layer_norm_eps = 1e-12;
  std::string hidden_act = "gelu";
  bool qkv_bias = true;

  Index decoder_hidden_size = 512;
  Index decoder_num_hidden_layers = 8;
  Index decoder_num_attention_heads = 16;
  Index decoder_intermediate_size = 2048;
  double mask_ratio = 0.75;
  bool norm_pix_loss = false;
};

/// Its fields, out of the JSON of the file `where`.
[[nodiscard]] inline VitConfig vit_config(Json const& json, std::string const& where) {
  FieldReader const field(json, where);
  VitConfig c;
  field.word("model_type", c.model_type);
  if (c.model_type != "vit" && c.model_type != "vit_mae")
    field.fail("model_type", "\"vit\" or \"vit_mae\"");
  field.count("hidden_size", c.hidden_size, max_width);
  field.count("num_hidden_layers", c.num_hidden_layers, max_layers);
  field.count("num_attention_heads", c.num_attention_heads);
  field.count("intermediate_size", c.intermediate_size, max_width);
  read_image_sizes(field, c.image_size, c.patch_size, c.num_channels);
  field.fraction("layer_norm_eps", c.layer_norm_eps);
  field.word("hidden_act", c.hidden_act);
  if (field.has("qkv_bias")) field.flag("qkv_bias", c.qkv_bias);  // older files do not say
  if (c.hidden_size % c.num_attention_heads != 0)
    field.fail("num_attention_heads", text("a divisor of hidden_size ", c.hidden_size));
  if (c.model_type != "vit_mae") return c;

  field.count("decoder_hidden_size", c.decoder_hidden_size, max_width);
  field.count("decoder_num_hidden_layers", c.decoder_num_hidden_layers, max_layers);
  field.count("decoder_num_attention_heads", c.decoder_num_attention_heads);
  field.count("decoder_intermediate_size", c.decoder_intermediate_size, max_width);
  field.fraction("mask_ratio", c.mask_ratio);
  if (field.has("norm_pix_loss")) field.flag("norm_pix_loss", c.norm_pix_loss);
  if (c.decoder_hidden_size % c.decoder_num_attention_heads != 0)
    field.fail("decoder_num_attention_heads",
               text("a divisor of decoder_hidden_size ", c.decoder_hidden_size));
  return c;
}

/// Reads config.json, given the file or the folder that holds it.
[[nodiscard]] inline VitConfig read_vit_config(std::filesystem::path path) {
  if (is_folder(path)) path /= "config.json";
  return vit_config(parse_json<CheckpointError>(read_file(path), path.string()), path.string());
}

/// Writes a config.json that read_vit_config and Hugging Face read, atomically.
inline void write_vit_config(std::filesystem::path const& path, VitConfig const& c) {
  bool const mae = c.model_type == "vit_mae";
  Json json{{"architectures", {mae ? "ViTMAEForPreTraining" : "ViTModel"}},
            {"model_type", c.model_type},
            {"hidden_size", c.hidden_size},
            {"num_hidden_layers", c.num_hidden_layers},
            {"num_attention_heads", c.num_attention_heads},
            {"intermediate_size", c.intermediate_size},
            {"image_size", c.image_size},
            {"patch_size", c.patch_size},
            {"num_channels", c.num_channels},
            {"layer_norm_eps", c.layer_norm_eps},
            {"hidden_act", c.hidden_act},
            {"qkv_bias", c.qkv_bias},
            {"hidden_dropout_prob", 0.0},
            {"attention_probs_dropout_prob", 0.0}};
  if (mae)
    json.update({{"decoder_hidden_size", c.decoder_hidden_size},
                 {"decoder_num_hidden_layers", c.decoder_num_hidden_layers},
                 {"decoder_num_attention_heads", c.decoder_num_attention_heads},
                 {"decoder_intermediate_size", c.decoder_intermediate_size},
                 {"mask_ratio", c.mask_ratio},
                 {"norm_pix_loss", c.norm_pix_loss}});
  write_file(path, std::string_view(json.dump(2) + "\n"));
}

}  // namespace vlpt::io
