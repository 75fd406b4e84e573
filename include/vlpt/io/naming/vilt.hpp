#pragma once
#include "vlpt/io/naming/naming.hpp"

namespace vlpt::io::naming {

/// The original ViLT (and the code of APT and DAS, which is built on it), without its heads.
[[nodiscard]] inline Naming vilt() {
  Naming n{"vilt",
           {{"embed.text.words", {"text_embeddings.word_embeddings.weight"}},
            {"embed.text.positions", {"text_embeddings.position_embeddings.weight"}},
            {"embed.text.segments", {"text_embeddings.token_type_embeddings.weight"}},
            {"embed.text.norm.*", {"text_embeddings.LayerNorm.*"}},
            {"embed.first_row", {"token4classifier"}, Form::batch_of_one},
            {"embed.image.patches.*", {"transformer.patch_embed.proj.*"}, Form::convolution},
            {"embed.image.class_row", {"transformer.cls_token"}, Form::batch_of_one},
            {"embed.image.positions", {"transformer.pos_embed"}, Form::batch_of_one},
            {"embed.types", {"token_type_embeddings.weight"}},
            {"norm.*", {"transformer.norm.*"}},
            {"pooler.dense.*", {"pooler.dense.*"}}},
           "",
           {"module.", "model."},
           {"text_embeddings.position_ids", "mlm_score.**", "itm_score.**", "rank_output.**",
            "vqa_classifier.**", "nlvr2_classifier.**", "token4classifier"}};
  auto const block = [&](std::string const& canonical, std::string const& name) {
    n.rules.push_back({"layers.*." + canonical, {"transformer.blocks.*." + name}});
  };
  block("norm1.*", "norm1.*");
  block("attention.qkv.*", "attn.qkv.*");
  block("attention.out.*", "attn.proj.*");
  block("norm2.*", "norm2.*");
  block("mlp.fc1.*", "mlp.fc1.*");
  block("mlp.fc2.*", "mlp.fc2.*");
  return n;
}

}  // namespace vlpt::io::naming
