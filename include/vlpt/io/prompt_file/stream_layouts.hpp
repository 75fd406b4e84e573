#pragma once
#include <string>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/skip_plan.hpp"
#include "vlpt/io/prompt_file/prompt_layouts.hpp"

namespace vlpt::io::prompt_layout {

// The code of APT and of DAS, on ViLT, METER and, with ViLT's names of blocks, a ViT. Their files
// hold the whole model; what is frozen is left to the model folder by the caller.

/// How the code names layer `i` of `layers`: METER's are those of the text, then of the image.
[[nodiscard]] inline std::string stream_layer(bool two_streams, Index i, Index layers) {
  if (!two_streams) return text("blocks.", i, '.');
  Index const half = layers / 2;
  return text("cross_modal_", i < half ? "text" : "image", "_layers.", i % half, '.');
}
[[nodiscard]] inline std::vector<std::string> stream_prefixes() {
  return {"transformer.", "module.transformer.", "module.", "model."};
}
/// Whichever head the task had; `images` of a sample (2: NLVR2).
inline void add_stream_head(PromptLayout& layout, std::string const& head) {
  if (head == "rank_output") return add_linear(layout, head, "head", "1", "c");
  if (head.empty()) return;
  add_linear(layout, head + ".0", "head.first", "h", "c");
  for (std::string const part : {"weight", "bias"})
    layout.rules.push_back({head + ".1." + part, "head.norm." + part, "h"});
  add_linear(layout, head + ".3", "head.last", "C", "h");
}

/// APT: `scaled` where the factor e^s is learnt (ViLT, ViT) and not left at 1 (METER).
[[nodiscard]] inline PromptLayout apt(bool two_streams, Index layers, bool scaled) {
  PromptLayout out{"apt", stream_prefixes(), {}, {}};
  auto const site = [&](std::string const& there, std::string const& here) {
    out.rules.push_back({there + "mm_tokens", here + "rows", "P d"});
    out.rules.push_back({there + "mm.0.weight", here + "down", "r d"});
    out.rules.push_back({there + "mm.1.weight", here + "up", "d r"});
    if (scaled)
      out.rules.push_back({there + "scale", here + "scale", "1"});
    else
      out.ignored.push_back({there + "scale", "it is 0, where its training left it"});
  };
  for (Index i = 0; i < layers; ++i) {
    std::string const there = stream_layer(two_streams, i, layers), here = text("layers.", i, '.');
    if (!two_streams) {
      site(there + "attn.APT.", here + "attention_out.");
      continue;
    }
    site(there + "attention.output.APT.", here + "attention_out.");
    site(there + "crossattention.output.APT.", here + "cross_out.");
  }
  return out;
}

/// An adapter of DAS's code: norm, down, relu, up.
inline void add_normed_adapter(PromptLayout& layout, std::string const& name,
                               std::string const& own, std::string const& width) {
  for (std::string const part : {".weight", ".bias"})
    layout.rules.push_back({name + ".adapter_layer_norm_before" + part, own + ".norm" + part, "d"});
  add_linear(layout, name + ".down_proj", own + ".down", width, "d");
  add_linear(layout, name + ".up_proj", own + ".up", "d", width);
}

/// DAS under a plan: short-cuts of width s over the layers that it skips, adapters of width b in
/// the others. The code keeps either for every layer, and the plan not at all.
[[nodiscard]] inline PromptLayout das(bool two_streams, SkipPlan const& plan) {
  PromptLayout out{"das", stream_prefixes(), {}, {}};
  Index const layers = plan.depth();
  for (Index i = 0; i < layers; ++i) {
    std::string const block = stream_layer(two_streams, i, layers), here = text("layers.", i, '.');
    std::string const cut =
        two_streams ? text("adapter_list_", i < layers / 2 ? "l." : "v.", i % (layers / 2), ".0")
                    : text("adapter_list.", i, ".0");
    if (plan.skips(i)) {
      add_normed_adapter(out, cut, here + "shortcut", "s");
      out.ignored.push_back({block + "**", text("the plan skips layer ", i)});
      continue;
    }
    out.ignored.push_back({cut + ".**", text("the plan runs layer ", i)});
    if (two_streams) {
      add_normed_adapter(out, block + "attention.output.adapter", here + "attention_end", "b");
      add_normed_adapter(out, block + "crossattention.output.adapter", here + "cross_end", "b");
      add_normed_adapter(out, block + "adapter", here + "mlp_normed", "b");
    } else {
      add_normed_adapter(out, block + "adapter0", here + "attention_end", "b");
      add_normed_adapter(out, block + "adapter1", here + "mlp_end", "b");
    }
  }
  return out;
}

}  // namespace vlpt::io::prompt_layout
