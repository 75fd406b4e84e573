#pragma once
#include <string>
#include <utility>

#include "names.hpp"
#include "vlpt/io/naming/clip.hpp"

namespace golden {

/// The names of MVLPT's code: those of OpenAI's CLIP, and of what it learns.
[[nodiscard]] inline Names mvlpt_names(bool conditional) {
  auto rules = vlpt::io::naming::clip_openai();
  auto const learnt = [&rules](std::string const& canonical, std::string const& name) {
    rules.rules.push_back({"prompt." + canonical, {"prompt_learner." + name}});
  };
  learnt("rows", "vpt_embeddings");
  learnt("lift.*", "vpt_proj.*");
  learnt("context.rows", conditional ? "cocoop_ctx" : "ctx");
  learnt("shift.down.*", "meta_net.linear1.*");
  learnt("shift.up.*", "meta_net.linear2.*");
  learnt("joint.text_in.*", "mvlpt_proj_ctx_coop_pre.*");
  learnt("joint.text_out.*", "mvlpt_proj_ctx_coop_post.*");
  learnt("joint.image_in.*", "mvlpt_proj_ctx_vpt_pre.*");
  learnt("joint.image_out.*", "mvlpt_proj_ctx_vpt_post.*");
  std::string const block = "mvlpt_proj.resblocks.0.";
  learnt("joint.norm1.*", block + "ln_1.*");
  learnt("joint.attention.qkv.*", block + "attn.in_proj_*");
  learnt("joint.attention.out.*", block + "attn.out_proj.*");
  learnt("joint.norm2.*", block + "ln_2.*");
  learnt("joint.mlp.fc1.*", block + "mlp.c_fc.*");
  learnt("joint.mlp.fc2.*", block + "mlp.c_proj.*");
  return {std::move(rules),
          {"prompt_learner.vpt_embeddings", "prompt_learner.vpt_embeddings_deep"}};
}

}  // namespace golden
