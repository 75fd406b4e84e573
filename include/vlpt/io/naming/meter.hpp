#pragma once
#include "vlpt/core/index.hpp"
#include "vlpt/io/naming/naming.hpp"

namespace vlpt::io::naming {

/// The original METER with CLIP and RoBERTa (and the code of APT and DAS, which is built on it),
/// without its heads; `depth` layers of either stream cross.
[[nodiscard]] inline Naming meter(Index depth = 6) {
  Naming n{"meter",
           {{"text.embed.words", {"text_transformer.embeddings.word_embeddings.weight"}},
            {"text.embed.positions", {"text_transformer.embeddings.position_embeddings.weight"}},
            {"text.embed.segments", {"text_transformer.embeddings.token_type_embeddings.weight"}},
            {"text.embed.norm.*", {"text_transformer.embeddings.LayerNorm.*"}},
            {"image.embed.patches.*", {"vit_model.visual.conv1.*"}, Form::convolution},
            {"image.embed.class_row", {"vit_model.visual.class_embedding"}},
            {"image.embed.positions", {"vit_model.visual.positional_embedding"}},
            {"image.pre_norm.*", {"vit_model.visual.ln_pre.*"}},
            {"image.norm.*", {"vit_model.visual.ln_post.*"}},
            {"embed.text.*", {"cross_modal_text_transform.*"}},
            {"embed.image.*", {"cross_modal_image_transform.*"}},
            {"embed.first_row", {"token4classifier"}, Form::batch_of_one},
            {"embed.types", {"token_type_embeddings.weight"}, Form::first_rows},
            {"text_pooler.dense.*", {"cross_modal_text_pooler.dense.*"}},
            {"image_pooler.dense.*", {"cross_modal_image_pooler.dense.*"}}},
           "",
           {"module.", "model."},
           {"text_transformer.embeddings.position_ids", "text_transformer.pooler.**",
            "vit_model.positional_embedding", "vit_model.ln_final.**",
            "vit_model.token_embedding.weight", "mlm_score.**", "itm_score.**", "rank_output.**",
            "vqa_classifier.**", "nlvr2_classifier.**", "snli_classifier.**", "token4classifier"},
           "image.embed.positions",
           Interpolation::bicubic};
  auto const clip = [&n](std::string const& canonical, std::string const& name) {
    n.rules.push_back(
        {"image.layers.*." + canonical, {"vit_model.visual.transformer.resblocks.*." + name}});
  };
  clip("norm1.*", "ln_1.*");
  clip("attention.qkv.*", "attn.in_proj_*");
  clip("attention.out.*", "attn.out_proj.*");
  clip("norm2.*", "ln_2.*");
  clip("mlp.fc1.*", "mlp.c_fc.*");
  clip("mlp.fc2.*", "mlp.c_proj.*");

  auto const bert = [&n](std::string const& canonical, std::string const& name) {
    auto const rule = [&](std::string const& ours, std::vector<std::string> const& theirs) {
      Rule r{canonical + ours, {}};
      for (auto const& part : theirs) r.names.push_back(name + part);
      n.rules.push_back(r);
    };
    rule("attention.qkv.*",
         {"attention.self.query.*", "attention.self.key.*", "attention.self.value.*"});
    rule("attention.out.*", {"attention.output.dense.*"});
    rule("norm1.*", {"attention.output.LayerNorm.*"});
    rule("cross.query.*", {"crossattention.self.query.*"});
    rule("cross.kv.*", {"crossattention.self.key.*", "crossattention.self.value.*"});
    rule("cross.out.*", {"crossattention.output.dense.*"});
    rule("norm2.*", {"crossattention.output.LayerNorm.*"});
    rule("mlp.fc1.*", {"intermediate.dense.*"});
    rule("mlp.fc2.*", {"output.dense.*"});
    rule("norm3.*", {"output.LayerNorm.*"});
  };
  bert("text.layers.*.", "text_transformer.encoder.layer.*.");
  for (Index i = 0; i < depth; ++i) {
    bert("layers." + std::to_string(i) + ".", "cross_modal_text_layers." + std::to_string(i) + ".");
    bert("layers." + std::to_string(depth + i) + ".",
         "cross_modal_image_layers." + std::to_string(i) + ".");
  }
  return n;
}

}  // namespace vlpt::io::naming
