#pragma once
#include <string>
#include <utility>

#include "vlpt/io/config/activation_field.hpp"
#include "vlpt/io/config/description.hpp"
#include "vlpt/io/config/labels.hpp"
#include "vlpt/io/config/size_check.hpp"
#include "vlpt/io/config/vit_config.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/naming/vit_hf.hpp"
#include "vlpt/io/naming/vit_mae_hf.hpp"

namespace vlpt::io {

/// What a config.json says of the encoder. ViT-MAE: fixed positions, and the mean of all rows is
/// what VPT reads; ViT: learned positions and the class row.
[[nodiscard]] inline VisionFacts vision_facts(VitConfig const& c) {
  bool const mae = c.model_type == "vit_mae";
  return {.image = c.image_size,
          .channels = c.num_channels,
          .patch = c.patch_size,
          .dim = c.hidden_size,
          .depth = c.num_hidden_layers,
          .heads = c.num_attention_heads,
          .hidden = c.intermediate_size,
          .eps = c.layer_norm_eps,
          .qkv_bias = c.qkv_bias,
          .learned_positions = !mae,
          .pool = mae ? Pool::mean_all : Pool::class_row,
          .gelu = gelu_named(c.hidden_act)};
}

/// Hugging Face's ViT and ViT-MAE, under their own names or timm's.
[[nodiscard]] inline Description describe_vit(ConfigFile const& file,
                                              Checkpoint const& checkpoint) {
  VitConfig const c = vit_config(file.json, file.where);
  check_activation(FieldReader(file.json, file.where), c.hidden_act);
  Naming naming = naming_of(
      checkpoint,
      {c.model_type == "vit_mae" ? naming::vit_mae_hf() : naming::vit_hf(), naming::timm()},
      "embed.class_row");
  SizeCheck const check(file.where, checkpoint, naming);
  check.layers("num_hidden_layers", c.num_hidden_layers);
  check.size("hidden_size", c.hidden_size, "embed.class_row", "the class row is");
  check.extent("intermediate_size", c.intermediate_size, "layers.0.mlp.fc1.weight", 0,
               "the first MLP is");
  check.positions(c.image_size, c.patch_size, c.hidden_size, "embed.positions");
  VisionFamily family{vision_facts(c)};
  family.facts.check();
  family.classes = head_rows(checkpoint, naming);
  return {family, std::move(naming), labels_of(file, family.classes)};
}

}  // namespace vlpt::io
