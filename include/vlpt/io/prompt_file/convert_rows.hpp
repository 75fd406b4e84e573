#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "vlpt/io/prompt_file/base_model.hpp"
#include "vlpt/io/prompt_file/converted_prompt.hpp"
#include "vlpt/io/prompt_file/place_tensors.hpp"
#include "vlpt/io/prompt_file/prompt_layouts.hpp"
#include "vlpt/policies/prompt/blocks.hpp"

namespace vlpt::io {

/// The tensor of that name, or of that name with a prefix before it; nullptr where there is none.
[[nodiscard]] inline Tensor<float> const* find_ending(PromptTensors const& file,
                                                      std::string_view ending) {
  for (auto const& [name, tensor] : file) {
    std::size_t const rest = name.size() - std::min(name.size(), ending.size());
    if (name.ends_with(ending) && (rest == 0 || name[rest - 1] == '.')) return &tensor;
  }
  return nullptr;
}

/// The first n of a model's blocks as prompt::Blocks calls them, and as a policy would say it.
[[nodiscard]] inline std::string first_blocks(Index n, Index layers) {
  if (n == 0) return "none";
  if (n >= layers) return prompt::Blocks::all().name();
  if (n + 1 == layers) return prompt::Blocks::all_but_last().name();
  return prompt::Blocks::first(n).name();
}

/// What converts one kind of file: the layout that fits it, and the policy that it is.
struct PromptReader {
  PromptTensors const& file;
  BaseModel const& base;
  PromptChoices const& choices;

  [[nodiscard]] bool has(std::string_view name) const { return find_ending(file, name) != nullptr; }
  [[nodiscard]] bool class_specific() const {
    auto const* const context = find_ending(file, "ctx");
    return context != nullptr && context->shape.rank == 3;
  }
  [[nodiscard]] prompt_layout::MvlptParts mvlpt_parts() const {
    return {.context = has("ctx"),
            .class_specific = class_specific(),
            .rows = has("vpt_embeddings"),
            .deep = has("vpt_embeddings_deep"),
            .lifted = has("vpt_proj.weight"),
            .joint = has("mvlpt_proj.resblocks.0.ln_1.weight")};
  }
  [[nodiscard]] prompt_layout::VptParts vpt_parts() const {
    return {.short_names = has("shallow_prompt"),
            .deep = has("deep_prompt_embeddings") || has("deep_prompt"),
            .lifted = has("prompt_proj.weight")};
  }
  [[nodiscard]] PromptLayout layout(PromptKind kind) const {
    switch (kind) {
      case PromptKind::coop:
        return prompt_layout::coop(class_specific());
      case PromptKind::cocoop:
        return prompt_layout::cocoop(has("cocoop_ctx") ? "cocoop_ctx" : "ctx");
      case PromptKind::vpt:
        return prompt_layout::vpt(vpt_parts());
      case PromptKind::gapt:
        return prompt_layout::gapt();
      default:
        return prompt_layout::mvlpt(mvlpt_parts());
    }
  }

  /// Policy and settings of what was placed. Faults that no single tensor has are added to it.
  void describe(PromptKind kind, PlaceTensors const& placed, ConvertedPrompt& out,
                std::string& faults) const {
    if (kind == PromptKind::coop || kind == PromptKind::cocoop) {
      out.policy = kind == PromptKind::coop ? "context" : "conditional";
      return describe_context(placed, "end", out);
    }
    if (kind == PromptKind::mvlpt) return describe_mvlpt(placed, out, faults);
    auto const parts = vpt_parts();
    out.settings["prompts"] = value_text(placed.size("P"));
    if (kind == PromptKind::vpt) {
      out.policy = parts.lifted ? "projected" : parts.deep ? "deep" : "shallow";
      if (parts.lifted) out.settings["width"] = value_text(placed.size("q"));
      return;
    }
    out.policy = "gated";
    out.settings["gates"] = first_blocks(placed.size("gates"), base.layers());
    out.settings["temperatures"] = first_blocks(placed.size("temperatures"), base.layers());
    out.settings["temperature"] = value_text(choices.temperature);
  }

 private:
  /// The place of a context is not in its file: `usual` is that of the code.
  void describe_context(PlaceTensors const& placed, char const* usual, ConvertedPrompt& out) const {
    out.settings["context"] = value_text(placed.size("n"));
    out.settings["place"] = choices.place.empty() ? usual : choices.place;
    out.settings["class_specific"] = value_text(class_specific());
    if (choices.place.empty())
      out.notes.push_back(
          text("the file does not say where the context stands in a text; the "
               "place is taken to be ",
               usual));
  }
  void describe_mvlpt(PlaceTensors const& placed, ConvertedPrompt& out, std::string& faults) const {
    auto const parts = mvlpt_parts();
    if (parts.context) describe_context(placed, "middle", out);
    if (parts.rows) out.settings["prompts"] = value_text(placed.size("P"));
    if (parts.lifted) out.settings["width"] = value_text(placed.size("q"));
    if (parts.joint) {
      out.settings["joint_width"] = value_text(placed.size("j"));
      out.settings["no_mix"] = value_text(!choices.mix);
      if (!choices.mix)
        out.notes.push_back(
            "the published code lets no joint row attend to another one; --mix if "
            "this file was trained with rows that do");
    }
    out.policy = parts.joint     ? "unified"
                 : parts.context ? "context"
                 : parts.lifted  ? "projected"
                 : parts.deep    ? "deep"
                                 : "shallow";
    if (parts.joint ? !(parts.context && parts.rows) : parts.context && parts.rows)
      faults += parts.joint ? "\n  a joint transformer makes a context and rows of images, and one "
                              "of the two is missing"
                            : "\n  a context and rows of images without the transformer that makes "
                              "both: vlpt has no policy of that shape";
    for (std::string const map : {"coop", "vpt"})  // absent where the widths are equal
      if (parts.joint && placed.size("j") != placed.size(map == "coop" ? "e" : "d"))
        for (std::string const end : {"_pre.weight", "_post.weight"})
          if (!has("mvlpt_proj_ctx_" + map + end))
            faults += "\n  missing: mvlpt_proj_ctx_" + map + end;
  }
};

}  // namespace vlpt::io
