#pragma once
#include "vlpt/core/index.hpp"
#include "vlpt/io/naming/bert.hpp"

namespace vlpt::io::naming {

/// The original METER with CLIP and RoBERTa (and the code of APT and DAS, which is built on it),
/// without its heads; `depth` layers of either stream cross.
[[nodiscard]] inline Naming meter(Index depth = 6) {
  Naming n{
      "meter",
      {{"image.embed.patches.*", {"vit_model.visual.conv1.*"}, Form::convolution},
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
       "vit_model.token_embedding.weight", "vit_model.transformer.**", "vit_model.text_projection",
       "vit_model.logit_scale", "mlm_score.**", "itm_score.**", "rank_output.**",
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

  add_word_tables(n.rules, "text.embed.", "text_transformer.embeddings.");
  add_bert_layer(n.rules, "text.layers.*.", "text_transformer.encoder.layer.*.");
  auto const crossing = [&n](Index layer, std::string const& name) {
    std::string const ours = "layers." + std::to_string(layer) + ".";
    add_bert_layer(n.rules, ours, name);
    std::string const attention = name + "crossattention.";
    n.rules.push_back({ours + "cross.query.*", {attention + "self.query.*"}});
    n.rules.push_back(
        {ours + "cross.kv.*", {attention + "self.key.*", attention + "self.value.*"}});
    n.rules.push_back({ours + "cross.out.*", {attention + "output.dense.*"}});
    n.rules.push_back({ours + "norm2.*", {attention + "output.LayerNorm.*"}});
  };
  for (Index i = 0; i < depth; ++i) {
    crossing(i, "cross_modal_text_layers." + std::to_string(i) + ".");
    crossing(depth + i, "cross_modal_image_layers." + std::to_string(i) + ".");
  }
  return n;
}

}  // namespace vlpt::io::naming
