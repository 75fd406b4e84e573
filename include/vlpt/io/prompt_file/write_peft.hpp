#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/io/delta_info.hpp"
#include "vlpt/io/prompt_file/lora_places.hpp"
#include "vlpt/io/safetensors_writer.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::io {

/// What of a delta a format of another project has no place for: one CheckpointError with a line
/// for each.
inline void refuse_rest(TensorFile const& delta, std::vector<std::string> const& used,
                        std::string const& format) {
  std::string faults;
  for (TensorRecord const& r : delta.records())
    if (std::ranges::find(used, r.name) == used.end()) faults += text("\n  ", r.name, ' ', r.shape);
  if (!faults.empty())
    throw CheckpointError(text(delta.path().string(), ": ", format, " has no place for:", faults));
}

/// Writes a delta of shallow prompts or of a LoRA as a folder that Hugging Face PEFT loads; a head
/// is saved as the module that the family names it by. The model is named so that the adapter finds
/// it. CheckpointError for other policies and for tensors that an adapter has no place for.
class PeftWriter {
 public:
  PeftWriter(Safetensors const& delta, BaseModel const& base, std::string model,
             bool old_names = false)
      : delta_(delta),
        base_(base),
        model_(std::move(model)),
        old_names_(old_names),
        info_(read_delta_info(delta)) {}

  /// The folder must be there.
  void write(std::filesystem::path const& folder) {
    if (info_.policy == "lora")
      add_lora();
    else if (info_.policy == "shallow")
      add_prompt();
    else
      throw CheckpointError(text(delta_.path().string(), " is of the policy ", info_.policy,
                                 "; PEFT has a place for shallow prompts and LoRAs"));
    refuse_rest(delta_, used_, "PEFT");
    save_safetensors(folder / "adapter_model.safetensors", std::move(tensors_), {{"format", "pt"}});
    config_["base_model_name_or_path"] = model_;
    config_["task_type"] = nullptr;
    config_["inference_mode"] = true;
    config_["modules_to_save"] = modules_.empty() ? Json(nullptr) : Json(modules_);
    write_file(folder / "adapter_config.json", std::string_view(config_.dump(2) + "\n"));
  }

 private:
  void add(std::string const& own, std::string const& name) {
    auto const tensor = delta_.read<float>(own);
    tensors_.push_back(encode<float>(name, tensor.shape, tensor.values, Dtype::F32));
    used_.push_back(own);
  }
  /// The head under the family's name of it.
  void add_head(std::string const& prefix) {
    if (delta_.find("head.weight") == nullptr) return;
    for (std::string const own : {"head.weight", "head.bias"}) {
      auto const source = base_.naming.source(own);
      if (!source)
        throw CheckpointError(text("the names of ", base_.naming.family, " have none for ", own));
      std::string const& name = source->names.front();
      add(own, prefix + name);
      std::string const module = name.substr(0, name.rfind('.'));
      if (modules_.empty() || modules_.back() != module) modules_.push_back(module);
    }
  }
  /// The module as the chosen version of transformers calls it. With a head the adapter is for the
  /// family's whole model, whose names have its prefix.
  [[nodiscard]] std::string module_of(LoraPlace const& place) const {
    std::string module = place.modules.front();
    if (delta_.find("head.weight") != nullptr)
      for (std::string const& other : place.modules)
        if (other.starts_with(base_.naming.prefix)) {
          module = other;
          break;
        }
    auto const renamed = renamed_module(module);
    return old_names_ || renamed.empty() ? module : renamed.front();
  }
  void add_lora() {
    bool const all = !base_.dual && !base_.two_streams;  // every map of that last name is corrected
    std::vector<std::string> targets;
    for (LoraPlace const& place : lora_places(base_)) {
      std::string const module = module_of(place);
      add(place.own + ".down.weight", "base_model.model." + module + ".lora_A.weight");
      add(place.own + ".up.weight", "base_model.model." + module + ".lora_B.weight");
      std::string const target = all ? module.substr(module.rfind('.') + 1) : module;
      if (std::ranges::find(targets, target) == targets.end()) targets.push_back(target);
    }
    add_head("base_model.model.");
    Index const rank = count_in(info_.settings, "rank");
    config_.update({{"peft_type", "LORA"},
                    {"r", rank},
                    {"lora_alpha", rank},  // a factor of 1, as in vlpt
                    {"lora_dropout", 0.0},
                    {"bias", "none"},
                    {"fan_in_fan_out", false},
                    {"target_modules", targets}});
  }
  void add_prompt() {
    add("prompt.rows", "prompt_embeddings");
    add_head("base_model.");
    Shape const rows = delta_.find("prompt.rows")->shape;
    config_.update({{"peft_type", "PROMPT_TUNING"},
                    {"num_virtual_tokens", rows[0]},
                    {"token_dim", rows[1]},
                    {"num_transformer_submodules", 1},
                    {"num_attention_heads", count_in(base_.facts, "heads")},
                    {"num_layers", base_.layers()}});
  }

  Safetensors const& delta_;
  BaseModel const& base_;
  std::string model_;
  bool old_names_;
  DeltaInfo info_;
  Json config_ = Json::object();
  std::vector<std::string> used_, modules_;
  std::vector<TensorBytes> tensors_;
};

}  // namespace vlpt::io
