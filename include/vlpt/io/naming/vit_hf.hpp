#pragma once
#include <vector>

#include "vlpt/io/naming/naming.hpp"

namespace vlpt::io::naming {

/// The encoder of Hugging Face's ViT and ViT-MAE. The left column is the list of canonical names:
/// layers.*.attention.qkv is (3 dim, dim) in the order query, key, value.
[[nodiscard]] inline std::vector<Rule> vit_hf_encoder() {
  return {
      {"embed.patches.*", {"vit.embeddings.patch_embeddings.projection.*"}, Form::convolution},
      {"embed.class_row", {"vit.embeddings.cls_token"}, Form::batch_of_one},
      {"embed.positions", {"vit.embeddings.position_embeddings"}, Form::batch_of_one},
      {"layers.*.norm1.*", {"vit.encoder.layer.*.layernorm_before.*"}},
      {"layers.*.attention.qkv.*",
       {"vit.encoder.layer.*.attention.attention.query.*",
        "vit.encoder.layer.*.attention.attention.key.*",
        "vit.encoder.layer.*.attention.attention.value.*"}},
      {"layers.*.attention.out.*", {"vit.encoder.layer.*.attention.output.dense.*"}},
      {"layers.*.norm2.*", {"vit.encoder.layer.*.layernorm_after.*"}},
      {"layers.*.mlp.fc1.*", {"vit.encoder.layer.*.intermediate.dense.*"}},
      {"layers.*.mlp.fc2.*", {"vit.encoder.layer.*.output.dense.*"}},
      {"norm.*", {"vit.layernorm.*"}},
      {"head.*", {"classifier.*"}},
  };
}

/// Hugging Face's ViTModel and ViTForImageClassification (`google/vit-base-patch16-224`).
[[nodiscard]] inline Naming vit_hf() {
  return {"vit_hf",
          vit_hf_encoder(),
          "vit.",
          {""},
          {"classifier.**", "cls_classifier.**", "distillation_classifier.**", "pooler.**",
           "decoder.**", "fc_norm.**", "embeddings.mask_token", "embeddings.position_ids"}};
}

}  // namespace vlpt::io::naming
