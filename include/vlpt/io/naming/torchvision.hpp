#pragma once
#include <string>

#include "vlpt/io/naming/naming.hpp"

namespace vlpt::io::naming {

/// torchvision's VisionTransformer (vit_b_16 and its like); files before 0.12 call the MLP's two
/// products linear_1 and linear_2.
[[nodiscard]] inline Naming torchvision(bool old_mlp = false) {
  Naming n{"torchvision",
           {{"embed.patches.*", {"conv_proj.*"}, Form::convolution},
            {"embed.class_row", {"class_token"}, Form::batch_of_one},
            {"embed.positions", {"encoder.pos_embedding"}, Form::batch_of_one},
            {"norm.*", {"encoder.ln.*"}},
            {"head.*", {"heads.head.*"}}},
           "",
           {"module.", "model."},
           {"heads.**"},
           "embed.positions",
           Interpolation::bicubic_corners};
  auto const block = [&](std::string const& canonical, std::string const& name) {
    n.rules.push_back({"layers.*." + canonical, {"encoder.layers.encoder_layer_*." + name}});
  };
  block("norm1.*", "ln_1.*");
  block("attention.qkv.*", "self_attention.in_proj_*");
  block("attention.out.*", "self_attention.out_proj.*");
  block("norm2.*", "ln_2.*");
  block("mlp.fc1.*", old_mlp ? "mlp.linear_1.*" : "mlp.0.*");
  block("mlp.fc2.*", old_mlp ? "mlp.linear_2.*" : "mlp.3.*");
  return n;
}

}  // namespace vlpt::io::naming
