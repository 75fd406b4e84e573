#pragma once
#include <string>

#include "vlpt/io/config/optional_fields.hpp"

namespace vlpt::io {

/// What the shapes of METER's tensors do not show. Its own files have no config; a config.json of
/// "model_type": "meter" may say otherwise. Heads of 0: each is 64 wide.
struct MeterConfig {
  Index num_attention_heads = 0, image_num_attention_heads = 0, text_num_attention_heads = 0;
  Index max_text_len = 50;
  Index image_size = 0;  // 0: what the table of positions shows
  Index pad_token_id = 1;
  double layer_norm_eps = 1e-12, image_layer_norm_eps = 1e-5, text_layer_norm_eps = 1e-5;
};

/// Its fields, out of the JSON of the file `where`.
[[nodiscard]] inline MeterConfig meter_config(Json const& json, std::string const& where) {
  OptionalFields const field(json, where);
  MeterConfig c;
  field.count("num_attention_heads", c.num_attention_heads);
  field.count("image_num_attention_heads", c.image_num_attention_heads);
  field.count("text_num_attention_heads", c.text_num_attention_heads);
  field.count("max_text_len", c.max_text_len);
  field.count("image_size", c.image_size, max_image_size);
  field.only("pad_token_id", c.pad_token_id);
  field.fraction("layer_norm_eps", c.layer_norm_eps);
  field.fraction("image_layer_norm_eps", c.image_layer_norm_eps);
  field.fraction("text_layer_norm_eps", c.text_layer_norm_eps);
  return c;
}

}  // namespace vlpt::io
