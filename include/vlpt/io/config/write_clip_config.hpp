#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "vlpt/core/error.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/write_file.hpp"
#include "vlpt/models/arch/vision.hpp"
#include "vlpt/models/text_tower_facts.hpp"

namespace vlpt::io {

/// Writes the config.json of a CLIP as Hugging Face's CLIPModel reads it, atomically. The last two
/// words of the vocabulary start and end a text. The activations are those of the facts.
inline void write_clip_config(std::filesystem::path const& path, VisionFacts const& image,
                              TextTowerFacts const& words) {
  VLPT_CHECK(image.pre_norm && !image.patch_bias && image.projection > 0,
             "the image tower is none of CLIP's: it needs a norm before its layers, patches "
             "without a bias and a projection");
  Index const end = words.vocabulary - 1;
  auto const tower = [](auto const& f) {
    return Json{{"hidden_size", f.dim},           {"num_hidden_layers", f.depth},
                {"num_attention_heads", f.heads}, {"intermediate_size", f.hidden},
                {"layer_norm_eps", f.eps},        {"hidden_act", gelu_name(f.gelu)},
                {"attention_dropout", 0.0}};
  };
  Json vision = tower(image), text = tower(words);
  vision.update({{"model_type", "clip_vision_model"},
                 {"image_size", image.image},
                 {"patch_size", image.patch},
                 {"num_channels", image.channels},
                 {"projection_dim", image.projection}});
  text.update({{"model_type", "clip_text_model"},
               {"vocab_size", words.vocabulary},
               {"max_position_embeddings", words.tokens},
               {"bos_token_id", end - 1},
               {"eos_token_id", end},
               {"pad_token_id", end},
               {"projection_dim", image.projection}});
  Json const json{{"architectures", {"CLIPModel"}},
                  {"model_type", "clip"},
                  {"projection_dim", image.projection},
                  {"logit_scale_init_value", 2.6592},
                  {"text_config", text},
                  {"vision_config", vision}};
  write_file(path, std::string_view(json.dump(2) + "\n"));
}

}  // namespace vlpt::io
