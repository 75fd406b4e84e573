#pragma once
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "vlpt/core/skip_plan.hpp"
#include "vlpt/io/prompt_file/convert_rows.hpp"
#include "vlpt/io/prompt_file/stream_layouts.hpp"

namespace vlpt::io {

/// What converts a file of APT's or DAS's code, which holds a whole model: its frozen tensors are
/// left to the model folder, and what learns under every policy (poolers, tables) is taken.
struct StreamReader {
  PromptTensors const& file;
  BaseModel const& base;
  PromptChoices const& choices;

  [[nodiscard]] PromptLayout layout(PromptKind kind, ConvertedPrompt& out) const {
    PromptLayout layout = kind == PromptKind::apt
                              ? prompt_layout::apt(base.two_streams, base.layers(), scaled())
                              : prompt_layout::das(base.two_streams, plan(out));
    for (std::string const head :
         {"vqa_classifier", "nlvr2_classifier", "snli_classifier", "rank_output"})
      if (find_ending(file, head + (head == "rank_output" ? ".weight" : ".0.weight")) != nullptr) {
        prompt_layout::add_stream_head(layout, head);
        if (head == "nlvr2_classifier") out.model["images"] = "2";
      }
    return layout;
  }

  void describe(PromptKind kind, PlaceTensors const& placed, ConvertedPrompt& out) const {
    if (kind == PromptKind::apt) {
      out.policy = "approximated";
      out.settings = {{"prompts", value_text(placed.size("P"))},
                      {"rank", value_text(placed.size("r"))},
                      {"activation", "relu"},
                      {"learns_scale", value_text(scaled())}};
      out.notes.push_back("the activation is taken to be relu, as in the published code");
      return;
    }
    out.policy = "none", out.method = "das";
    out.model["skip_beside"] = value_text(placed.size("b"));
    out.model["skip_shortcut"] = value_text(placed.size("s"));
  }

  /// Of what no rule named: tensors that learn under every policy are taken, what the model folder
  /// names is set aside, and the rest is a fault.
  void sort_others(PlaceTensors const& placed, ConvertedPrompt& out, std::string& faults) const {
    for (std::string const& name : placed.others()) {
      std::string spelled = name;
      for (char const* prefix : {"module.", "model."})
        if (spelled.starts_with(prefix)) spelled = spelled.substr(std::string_view(prefix).size());
      auto const& tensor = file.at(name);
      std::string const own = learnt_name(spelled);
      if (!own.empty())
        take(own, name, tensor, out, faults);
      else if (!base.naming.canonical(spelled).empty() || base.naming.may_ignore(spelled))
        out.aside.push_back({name, "it is the backbone's, which the model folder holds"});
      else
        faults += text("\n  unexpected: ", name, ' ', tensor.shape);
    }
  }

 private:
  [[nodiscard]] bool scaled() const {
    return !base.two_streams || std::ranges::any_of(file, [](auto const& entry) {
      auto const& [name, t] = entry;
      return name.ends_with(".APT.scale") &&
             std::ranges::any_of(t.values, [](float x) { return x != 0; });
    });
  }
  [[nodiscard]] SkipPlan plan(ConvertedPrompt& out) const {
    if (!choices.has_skip)
      throw InputError(
          "a file of DAS's code does not say which layers are skipped: name them "
          "(--skip 4,5,10,11; the code's skip_module)");
    SkipPlan const plan = SkipPlan::parse(base.layers(), choices.skip);
    out.model["skip"] = "adapter_skip";
    out.model["skip_plan"] = value_text(plan);
    for (Index layer : plan.layers()) out.skips.push_back(text("layers.", layer, '.'));
    return plan;
  }
  /// The tensor of every policy's that the family calls so; empty: none.
  [[nodiscard]] std::string learnt_name(std::string const& name) const {
    for (std::string const& own : base.naming.canonical(name))
      for (ManifestEntry const& e : base.learnt)
        if (e.name == own) return own;
    return {};
  }
  void take(std::string const& own, std::string const& name, Tensor<float> const& tensor,
            ConvertedPrompt& out, std::string& faults) const {
    Shape shape;
    for (ManifestEntry const& e : base.learnt)
      if (e.name == own) shape = e.shape;
    if (own == "embed.types" && tensor.shape.rank == 2 && tensor.shape[1] == shape[1])
      shape.extent[0] = tensor.shape[0];  // one more for each image of a sample
    if (shape.size() != tensor.size()) {
      faults += text("\n  ", name, ": the file has ", tensor.shape, ", the model ", shape);
      return;
    }
    out.tensors.insert_or_assign(own, Tensor<float>(shape, tensor.values));
  }
};

}  // namespace vlpt::io
