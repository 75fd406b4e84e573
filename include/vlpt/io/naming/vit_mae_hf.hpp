#pragma once
#include "vlpt/io/naming/vit_hf.hpp"

namespace vlpt::io::naming {

/// Hugging Face's ViTMAEModel and ViTMAEForPreTraining (`facebook/vit-mae-base`): the encoder of
/// vit_hf and a decoder, which a model that does not ask for it leaves unread.
[[nodiscard]] inline Naming vit_mae_hf() {
  Naming n = vit_hf();
  n.family = "vit_mae_hf";
  n.rules.insert(
      n.rules.end(),
      {{"decoder.embed.*", {"decoder.decoder_embed.*"}},
       {"decoder.mask_row", {"decoder.mask_token"}, Form::batch_of_one},
       {"decoder.positions", {"decoder.decoder_pos_embed"}, Form::batch_of_one},
       {"decoder.layers.*.norm1.*", {"decoder.decoder_layers.*.layernorm_before.*"}},
       {"decoder.layers.*.attention.qkv.*",
        {"decoder.decoder_layers.*.attention.attention.query.*",
         "decoder.decoder_layers.*.attention.attention.key.*",
         "decoder.decoder_layers.*.attention.attention.value.*"}},
       {"decoder.layers.*.attention.out.*", {"decoder.decoder_layers.*.attention.output.dense.*"}},
       {"decoder.layers.*.norm2.*", {"decoder.decoder_layers.*.layernorm_after.*"}},
       {"decoder.layers.*.mlp.fc1.*", {"decoder.decoder_layers.*.intermediate.dense.*"}},
       {"decoder.layers.*.mlp.fc2.*", {"decoder.decoder_layers.*.output.dense.*"}},
       {"decoder.norm.*", {"decoder.decoder_norm.*"}},
       {"decoder.predict.*", {"decoder.decoder_pred.*"}}});
  return n;
}

}  // namespace vlpt::io::naming
