#pragma once
#include <string>

#include "vlpt/io/config/activation_field.hpp"
#include "vlpt/io/config/image_sizes.hpp"
#include "vlpt/io/config/optional_fields.hpp"
#include "vlpt/models/arch/single_stream.hpp"

namespace vlpt::io {

/// The config.json of Hugging Face's ViLT. A field that it leaves out has the value that
/// transformers gives it.
struct ViltConfig {
  Index vocab_size = 30522, type_vocab_size = 2, modality_type_vocab_size = 2;
  Index max_position_embeddings = 40;
  Index hidden_size = 768, num_hidden_layers = 12, num_attention_heads = 12;
  Index intermediate_size = 3072;
  Index image_size = 384, patch_size = 32, num_channels = 3;
  Index max_image_length = 0;  // -1 in the file: all patches
  Index num_images = 1;        // -1 in the file: the model reads one
  double layer_norm_eps = 1e-12;
  std::string hidden_act = "gelu";
  bool qkv_bias = true;
};

/// Its fields, out of the JSON of the file `where`.
[[nodiscard]] inline ViltConfig vilt_config(Json const& json, std::string const& where) {
  OptionalFields const field(json, where);
  ViltConfig c;
  field.count("vocab_size", c.vocab_size);
  field.count("type_vocab_size", c.type_vocab_size);
  field.count("modality_type_vocab_size", c.modality_type_vocab_size);
  field.count("max_position_embeddings", c.max_position_embeddings);
  field.count("hidden_size", c.hidden_size, max_width);
  field.count("num_hidden_layers", c.num_hidden_layers, max_layers);
  field.count("num_attention_heads", c.num_attention_heads);
  field.count("intermediate_size", c.intermediate_size, max_width);
  field.count("image_size", c.image_size, max_image_size);
  field.count("patch_size", c.patch_size);
  field.count("num_channels", c.num_channels, max_channels);
  check_image_sizes(field.reader(), c.image_size, c.patch_size);
  field.limit("max_image_length", c.max_image_length);
  field.limit("num_images", c.num_images);
  if (c.num_images == 0) c.num_images = 1;
  field.fraction("layer_norm_eps", c.layer_norm_eps);
  field.flag("qkv_bias", c.qkv_bias);
  field.word("hidden_act", c.hidden_act);
  check_activation(field.reader(), c.hidden_act);
  if (c.hidden_size % c.num_attention_heads != 0)
    field.reader().fail("num_attention_heads", text("a divisor of hidden_size ", c.hidden_size));
  return c;
}

/// The largest padded image of a model whose shorter side is `image`: the longer one is at most
/// 1333 / 800 of it, cut to whole patches (ViLT's preprocessing; 608 for 384).
[[nodiscard]] constexpr Index vilt_canvas(Index image, Index patch) {
  return image * 1333 / 800 / patch * patch;
}

/// The facts of the model.
[[nodiscard]] inline SingleStreamFacts stream_facts(ViltConfig const& c, double block_eps) {
  Index const canvas = vilt_canvas(c.image_size, c.patch_size), side = canvas / c.patch_size;
  return {.vision = {.image = c.image_size,
                     .channels = c.num_channels,
                     .patch = c.patch_size,
                     .dim = c.hidden_size,
                     .depth = c.num_hidden_layers,
                     .heads = c.num_attention_heads,
                     .hidden = c.intermediate_size,
                     .eps = block_eps,
                     .qkv_bias = c.qkv_bias,
                     .place = PromptPlace::end,
                     .gelu = gelu_named(c.hidden_act)},
          .canvas = canvas,
          .max_patches = c.max_image_length > 0 ? c.max_image_length : side * side,
          .vocabulary = c.vocab_size,
          .words = c.max_position_embeddings,
          .segments = c.type_vocab_size,
          .types = c.modality_type_vocab_size,
          .text_eps = c.layer_norm_eps};
}

}  // namespace vlpt::io
