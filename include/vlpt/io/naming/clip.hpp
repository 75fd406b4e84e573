#pragma once
#include <string>
#include <utility>

#include "vlpt/io/naming/naming.hpp"

namespace vlpt::io::naming {

/// OpenAI's CLIP, and open_clip's with its names, CustomTextCLIP's `text.` before the words' half
/// included: both towers of a DualEncoder.
[[nodiscard]] inline Naming clip_openai() {
  Naming n{"clip_openai",
           {{"image.embed.patches.*", {"visual.conv1.*"}, Form::convolution},
            {"image.embed.class_row", {"visual.class_embedding"}, Form::vector},
            {"image.embed.positions", {"visual.positional_embedding"}},
            {"image.pre_norm.*", {"visual.ln_pre.*"}},
            {"image.norm.*", {"visual.ln_post.*"}},
            {"image.projection.weight", {"visual.proj"}, Form::plain, true},
            {"text.embed.tokens", {"token_embedding.weight"}},
            {"text.embed.positions", {"positional_embedding"}},
            {"text.norm.*", {"ln_final.*"}},
            {"text.projection.weight", {"text_projection"}, Form::plain, true},
            {"logit_scale", {"logit_scale"}}},
           "",
           {"module.", "model.", "text.", "module.text."},
           {"input_resolution", "context_length", "vocab_size", "attn_mask"},
           "image.embed.positions",
           Interpolation::bicubic_antialias};
  auto const block = [&](std::string const& canonical, std::string const& name) {
    n.rules.push_back({"image.layers.*." + canonical, {"visual.transformer.resblocks.*." + name}});
    n.rules.push_back({"text.layers.*." + canonical, {"transformer.resblocks.*." + name}});
  };
  block("norm1.*", "ln_1.*");
  block("attention.qkv.*", "attn.in_proj_*");
  block("attention.out.*", "attn.out_proj.*");
  block("norm2.*", "ln_2.*");
  block("mlp.fc1.*", "mlp.c_fc.*");
  block("mlp.fc2.*", "mlp.c_proj.*");
  return n;
}

/// Hugging Face's CLIPModel (`openai/clip-vit-base-patch32`).
[[nodiscard]] inline Naming clip_hf() {
  Naming n{
      "clip_hf",
      {{"image.embed.patches.*", {"vision_model.embeddings.patch_embedding.*"}, Form::convolution},
       {"image.embed.class_row", {"vision_model.embeddings.class_embedding"}, Form::vector},
       {"image.embed.positions", {"vision_model.embeddings.position_embedding.weight"}},
       {"image.pre_norm.*", {"vision_model.pre_layrnorm.*"}},  // sic
       {"image.norm.*", {"vision_model.post_layernorm.*"}},
       {"image.projection.weight", {"visual_projection.weight"}},
       {"text.embed.tokens", {"text_model.embeddings.token_embedding.weight"}},
       {"text.embed.positions", {"text_model.embeddings.position_embedding.weight"}},
       {"text.norm.*", {"text_model.final_layer_norm.*"}},
       {"text.projection.weight", {"text_projection.weight"}},
       {"logit_scale", {"logit_scale"}}},
      "",
      {"module.", "model.", "clip."},
      {"vision_model.embeddings.position_ids", "text_model.embeddings.position_ids"},
      "image.embed.positions"};
  for (std::string const tower : {"image", "text"}) {
    std::string const at =
        (tower == "image" ? "vision_model" : "text_model") + std::string(".encoder.layers.*.");
    auto const block = [&](std::string const& canonical, std::vector<std::string> names) {
      for (std::string& name : names) name = at + name;
      n.rules.push_back({tower + ".layers.*." + canonical, std::move(names)});
    };
    block("norm1.*", {"layer_norm1.*"});
    block("attention.qkv.*", {"self_attn.q_proj.*", "self_attn.k_proj.*", "self_attn.v_proj.*"});
    block("attention.out.*", {"self_attn.out_proj.*"});
    block("norm2.*", {"layer_norm2.*"});
    block("mlp.fc1.*", {"mlp.fc1.*"});
    block("mlp.fc2.*", {"mlp.fc2.*"});
  }
  return n;
}

/// The image tower of a CLIP as a model of its own (VisionTower): the other half of the file may be
/// left unread.
[[nodiscard]] inline Naming image_tower(Naming const& clip) {
  Naming n{
      clip.family,       {}, clip.prefix, clip.other_prefixes, clip.ignorable, "embed.positions",
      clip.interpolation};
  for (Rule rule : clip.rules)
    if (rule.canonical.starts_with("image.")) {
      rule.canonical.erase(0, 6);
      n.rules.push_back(std::move(rule));
    } else {
      for (std::string name : rule.names) n.ignorable.push_back(std::move(name));
    }
  n.ignorable.push_back("logit_bias");
  return n;
}

/// Hugging Face's CLIPVisionModel, whose names lack "vision_model.", and
/// CLIPVisionModelWithProjection, whose names have it.
[[nodiscard]] inline Naming clip_vision_hf() {
  Naming n = image_tower(clip_hf());
  n.family = "clip_vision_hf", n.prefix = "vision_model.", n.other_prefixes = {""};
  return n;
}

}  // namespace vlpt::io::naming
