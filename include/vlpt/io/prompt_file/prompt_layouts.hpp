#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/skip_plan.hpp"
#include "vlpt/io/prompt_file/prompt_layout.hpp"

namespace vlpt::io::prompt_layout {

// The letters: d, L width and layers of the images' stream, f its features; e width of the texts'.

/// What a file of CoOp's and MVLPT's code may hold besides.
inline void ignore_texts(PromptLayout& layout) {
  std::string const why = "it is computed again from the names of the classes";
  for (char const* name : {"token_prefix", "token_suffix", "token_prefix_middle"})
    layout.ignored.push_back({name, why});
}
/// A linear map with a bias.
inline void add_linear(PromptLayout& layout, std::string const& name, std::string const& own,
                       std::string const& out, std::string const& in, bool optional = false) {
  layout.rules.push_back({name + ".weight", own + ".weight", out + ' ' + in, Fold::same, optional});
  layout.rules.push_back({name + ".bias", own + ".bias", out, Fold::same, optional});
}

/// CoOp: one context for all classes (n, e), or one for each (C, n, e).
[[nodiscard]] inline PromptLayout coop(bool class_specific) {
  PromptLayout out{"coop",
                   {"prompt_learner."},
                   {{"ctx", "prompt.context.rows", class_specific ? "C n e" : "n e"}},
                   {}};
  ignore_texts(out);
  return out;
}

/// CoCoOp, by its own names and by those of MVLPT's code.
[[nodiscard]] inline PromptLayout cocoop(std::string const& context) {
  PromptLayout out{"cocoop", {"prompt_learner."}, {{context, "prompt.context.rows", "n e"}}, {}};
  add_linear(out, "meta_net.linear1", "prompt.shift.down", "m", "f");
  add_linear(out, "meta_net.linear2", "prompt.shift.up", "e", "m");
  ignore_texts(out);
  return out;
}

/// What the names of VPT's and GaPT's code may begin with.
[[nodiscard]] inline std::vector<std::string> vpt_prefixes() {
  return {"enc.transformer.", "transformer.", "enc."};
}
inline void add_vpt_backbone(PromptLayout& layout) {
  for (char const* name : {"embeddings.**", "encoder.**", "blocks.**", "patch_embed.**", "norm.**",
                           "fc_norm.**", "cls_token", "pos_embed"})
    layout.ignored.push_back({name, "it is the backbone's, which the model folder holds"});
  add_linear(layout, "head.last_layer", "head", "C", "f", true);
}

/// What stands in a file of VPT's code; `short_names`: those of its prompt_ep*.pth.
struct VptParts {
  bool short_names = false, deep = false, lifted = false;
};
/// VPT: rows of the model's width d, or of width q where a projection lifts them.
[[nodiscard]] inline PromptLayout vpt(VptParts const& has) {
  std::string const row = has.lifted ? "P q" : "P d";
  PromptLayout out{"vpt",
                   vpt_prefixes(),
                   {{has.short_names ? "shallow_prompt" : "prompt_embeddings", "prompt.rows",
                     "1 " + row, Fold::batch_of_one}},
                   {}};
  if (has.deep)
    out.rules.push_back({has.short_names ? "deep_prompt" : "deep_prompt_embeddings", "prompt.rows",
                         "L-1 " + row, Fold::behind});
  if (has.lifted) add_linear(out, "prompt_proj", "prompt.lift", "d", "q");
  add_vpt_backbone(out);
  return out;
}

/// GaPT: gates of the first blocks, temperatures of the first blocks.
[[nodiscard]] inline PromptLayout gapt() {
  PromptLayout out{
      "gapt",
      vpt_prefixes(),
      {{"prompt_embeddings", "prompt.rows", "1 P d", Fold::batch_of_one},
       {"gate_logit", "layers.*.block_out.logit", "gates", Fold::each_layer, true},
       {"temp", "layers.*.attention.change.t", "temperatures", Fold::each_layer, true}},
      {}};
  add_vpt_backbone(out);
  return out;
}

/// What stands in a file of MVLPT's code.
struct MvlptParts {
  bool context = false, class_specific = false, rows = false, deep = false, lifted = false,
       joint = false;
};
/// MVLPT: CoOp, VPT, or both out of one transformer (UPT).
[[nodiscard]] inline PromptLayout mvlpt(MvlptParts const& has) {
  PromptLayout out{"mvlpt", {"prompt_learner."}, {}, {}};
  std::string const row = has.lifted ? "P q" : "P d";
  if (has.context)
    out.rules.push_back({"ctx", "prompt.context.rows", has.class_specific ? "C n e" : "n e"});
  if (has.rows)
    out.rules.push_back({"vpt_embeddings", "prompt.rows", "1 " + row, Fold::batch_of_one});
  if (has.deep)
    out.rules.push_back({"vpt_embeddings_deep", "prompt.rows", "L-1 " + row, Fold::behind});
  if (has.lifted) add_linear(out, "vpt_proj", "prompt.lift", "d", "q");
  if (has.joint) {
    for (std::string const end : {"pre", "post"}) {
      bool const in = end == "pre";
      std::string const way = in ? "in" : "out";
      auto const map = [&](std::string const& name, std::string const& own, std::string const& w) {
        add_linear(out, name + end, own + way, in ? "j" : w, in ? w : "j", true);
      };
      map("mvlpt_proj_ctx_coop_", "prompt.joint.text_", "e");
      map("mvlpt_proj_ctx_vpt_", "prompt.joint.image_", "d");
    }
    std::string const block = "mvlpt_proj.resblocks.0.", own = "prompt.joint.";
    auto const norm = [&](std::string const& name, std::string const& ours) {
      for (std::string const part : {".weight", ".bias"})
        out.rules.push_back({block + name + part, own + ours + part, "j"});
    };
    norm("ln_1", "norm1");
    out.rules.push_back({block + "attn.in_proj_weight", own + "attention.qkv.weight", "3j j"});
    out.rules.push_back({block + "attn.in_proj_bias", own + "attention.qkv.bias", "3j"});
    add_linear(out, block + "attn.out_proj", own + "attention.out", "j", "j");
    norm("ln_2", "norm2");
    add_linear(out, block + "mlp.c_fc", own + "mlp.fc1", "4j", "j");
    add_linear(out, block + "mlp.c_proj", own + "mlp.fc2", "j", "4j");
  }
  ignore_texts(out);
  return out;
}

}  // namespace vlpt::io::prompt_layout
