#pragma once
#include <string>

#include "vlpt/io/config/activation_field.hpp"
#include "vlpt/io/config/image_sizes.hpp"
#include "vlpt/io/config/optional_fields.hpp"
#include "vlpt/models/arch/vision.hpp"
#include "vlpt/models/text_tower_facts.hpp"

namespace vlpt::io {

/// What the two towers of Hugging Face's CLIP have in common. A field that a config leaves out has
/// the value that transformers gives it.
struct ClipTowerConfig {
  Index hidden_size = 0;
  Index intermediate_size = 0;
  Index num_hidden_layers = 12;
  Index num_attention_heads = 0;
  Index projection_dim = 512;
  double layer_norm_eps = 1e-5;
  std::string hidden_act = "quick_gelu";
};
struct ClipVisionConfig : ClipTowerConfig {
  ClipVisionConfig() { hidden_size = 768, intermediate_size = 3072, num_attention_heads = 12; }
  Index image_size = 224, patch_size = 32, num_channels = 3;
};
struct ClipTextConfig : ClipTowerConfig {
  ClipTextConfig() { hidden_size = 512, intermediate_size = 2048, num_attention_heads = 8; }
  Index vocab_size = 49408, max_position_embeddings = 77, eos_token_id = 49407;
};

/// The eos_token_id of configs older than transformers 4.31, which no text ends with.
inline constexpr Index old_wrong_end = 2;

/// The fields of either tower, and those that both have.
struct ClipFields : OptionalFields {
  using OptionalFields::OptionalFields;
  void tower(ClipTowerConfig& c) const {
    count("hidden_size", c.hidden_size, max_width);
    count("intermediate_size", c.intermediate_size, max_width);
    count("num_hidden_layers", c.num_hidden_layers, max_layers);
    count("num_attention_heads", c.num_attention_heads);
    count("projection_dim", c.projection_dim, max_width);
    fraction("layer_norm_eps", c.layer_norm_eps);
    word("hidden_act", c.hidden_act);
    check_activation(reader(), c.hidden_act);
    if (c.hidden_size % c.num_attention_heads != 0)
      reader().fail("num_attention_heads", text("a divisor of hidden_size ", c.hidden_size));
  }
};

[[nodiscard]] inline ClipVisionConfig clip_vision_config(Json const& json,
                                                         std::string const& where) {
  ClipFields const field(json, where);
  ClipVisionConfig c;
  field.tower(c);
  field.count("image_size", c.image_size, max_image_size);
  field.count("patch_size", c.patch_size);
  field.count("num_channels", c.num_channels, max_channels);
  check_image_sizes(field.reader(), c.image_size, c.patch_size);
  return c;
}

[[nodiscard]] inline ClipTextConfig clip_text_config(Json const& json, std::string const& where) {
  ClipFields const field(json, where);
  ClipTextConfig c;
  field.tower(c);
  field.count("vocab_size", c.vocab_size);
  field.count("max_position_embeddings", c.max_position_embeddings);
  field.count("eos_token_id", c.eos_token_id);
  if (c.eos_token_id >= c.vocab_size && c.eos_token_id != old_wrong_end)
    field.reader().fail("eos_token_id", text("a word of the vocabulary, less than vocab_size ",
                                             c.vocab_size, " (left out, it is 49407)"));
  return c;
}

/// The facts of CLIP's image tower; `projection` 0: it has none.
[[nodiscard]] inline VisionFacts vision_facts(ClipVisionConfig const& c, Index projection) {
  return {.image = c.image_size,
          .channels = c.num_channels,
          .patch = c.patch_size,
          .dim = c.hidden_size,
          .depth = c.num_hidden_layers,
          .heads = c.num_attention_heads,
          .hidden = c.intermediate_size,
          .projection = projection,
          .eps = c.layer_norm_eps,
          .patch_bias = false,
          .pre_norm = true,
          .gelu = gelu_named(c.hidden_act)};
}
/// The facts of its text tower. Where eos_token_id is the old wrong one, texts end at the largest
/// number; so do those whose end is the last of the vocabulary.
[[nodiscard]] inline TextTowerFacts text_facts(ClipTextConfig const& c) {
  bool const largest = c.eos_token_id == old_wrong_end || c.eos_token_id == c.vocab_size - 1;
  return {.vocabulary = c.vocab_size,
          .tokens = c.max_position_embeddings,
          .dim = c.hidden_size,
          .depth = c.num_hidden_layers,
          .heads = c.num_attention_heads,
          .hidden = c.intermediate_size,
          .eps = c.layer_norm_eps,
          .end = largest ? TextTowerFacts::largest : c.eos_token_id,
          .gelu = gelu_named(c.hidden_act)};
}

}  // namespace vlpt::io
