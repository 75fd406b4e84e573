#pragma once
#include <string>

#include "vlpt/io/naming/naming.hpp"

namespace vlpt::io::naming {

/// The ViT of timm, and with its names the original MAE (decoder included), MoCo-v3, DeiT and VPT.
/// Where the patches' mean is pooled (fine-tuned MAE), the last norm is `fc_norm`.
[[nodiscard]] inline Naming timm(std::string const& norm = "norm") {
  Naming n{"timm",
           {{"embed.patches.*", {"patch_embed.proj.*"}, Form::convolution},
            {"embed.class_row", {"cls_token"}, Form::batch_of_one},
            {"embed.positions", {"pos_embed"}, Form::batch_of_one},
            {"pre_norm.*", {"norm_pre.*"}},
            {"norm.*", {norm + ".*"}},
            {"head.*", {"head.*"}},
            {"decoder.embed.*", {"decoder_embed.*"}},
            {"decoder.mask_row", {"mask_token"}, Form::batch_of_one},
            {"decoder.positions", {"decoder_pos_embed"}, Form::batch_of_one},
            {"decoder.norm.*", {"decoder_norm.*"}},
            {"decoder.predict.*", {"decoder_pred.*"}}},
           "",
           {"module.base_encoder.", "module.", "model.", "encoder."},
           {"head.**", "head_dist.**", norm == "norm" ? "fc_norm.**" : "norm.**", "pre_logits.**",
            "mask_token", "decoder_pos_embed", "decoder_embed.**", "decoder_blocks.**",
            "decoder_norm.**", "decoder_pred.**", "momentum_encoder.**", "predictor.**"},
           "embed.positions",
           Interpolation::bicubic_antialias};
  auto const block = [&](std::string const& canonical, std::string const& name) {
    n.rules.push_back({"layers.*." + canonical, {"blocks.*." + name}});
    n.rules.push_back({"decoder.layers.*." + canonical, {"decoder_blocks.*." + name}});
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
