#pragma once
#include <cmath>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/read_file.hpp"

namespace vlpt::io {

/// What adapter_config.json of Hugging Face PEFT says that matters here. Fields that change what an
/// adapter computes, and that vlpt does not compute, are refused by name.
struct PeftConfig {
  std::string peft_type;  // LORA, PROMPT_TUNING, P_TUNING, MULTITASK_PROMPT_TUNING
  Index r = 0;
  double alpha = 0;
  bool rank_stabilised = false;
  Index virtual_tokens = 0, token_dim = 0;
  Index submodules = 1;
  std::vector<std::string> modules_to_save{};

  /// What B A x is multiplied by.
  [[nodiscard]] double scale() const {
    auto const rank = static_cast<double>(r);
    return alpha / (rank_stabilised ? std::sqrt(rank) : rank);
  }
};

/// From the text of the file. CheckpointError names the field in the way.
[[nodiscard]] inline PeftConfig parse_peft_config(std::string_view content,
                                                  std::string const& where) {
  Json const json = parse_json<CheckpointError>(content, where);
  FieldReader const field(json, where);
  auto const present = [&](char const* name) { return field.has(name) && !json[name].is_null(); };
  auto const unset = [&](char const* name, std::string const& why) {
    if (!present(name)) return;
    Json const& v = json[name];
    if (v == false || v == 0 || v == "" || (v.is_structured() && v.empty())) return;
    field.fail(name, "absent, null or false, since vlpt has no LoRA " + why);
  };
  PeftConfig c;
  field.word("peft_type", c.peft_type);
  if (present("modules_to_save")) {
    if (!json["modules_to_save"].is_array()) field.fail("modules_to_save", "a list of names");
    for (Json const& name : json["modules_to_save"]) {
      if (!name.is_string()) field.fail("modules_to_save", "a list of names");
      c.modules_to_save.push_back(name.get<std::string>());
    }
  }
  if (c.peft_type == "LORA") {
    field.count("r", c.r, 65'536);
    if (!field.has("lora_alpha") || !json["lora_alpha"].is_number())
      field.fail("lora_alpha", "a number");
    c.alpha = json["lora_alpha"].get<double>();
    if (!std::isfinite(c.alpha) || c.alpha == 0) field.fail("lora_alpha", "a number other than 0");
    if (present("use_rslora")) field.flag("use_rslora", c.rank_stabilised);
    if (present("bias")) {
      std::string bias;
      field.word("bias", bias);
      if (bias != "none")
        field.fail("bias", "\"none\", since vlpt's LoRA leaves biases as they are");
    }
    unset("use_dora", "that scales columns");
    unset("lora_bias", "with a bias");
    unset("alpha_pattern", "with a factor for each module");
    unset("rank_pattern", "with a rank for each module");
    unset("trainable_token_indices", "of embeddings");
    unset("layer_replication", "of repeated layers");
    return c;
  }
  if (c.peft_type == "PREFIX_TUNING")
    field.fail("peft_type",
               "LORA, PROMPT_TUNING, P_TUNING or MULTITASK_PROMPT_TUNING: a prefix is "
               "keys and values of every layer as they are, and vlpt has no policy of "
               "that shape (its deep prompts are rows, which pass norm and projections)");
  if (c.peft_type != "PROMPT_TUNING" && c.peft_type != "P_TUNING" &&
      c.peft_type != "MULTITASK_PROMPT_TUNING")
    field.fail("peft_type", "LORA, PROMPT_TUNING, P_TUNING or MULTITASK_PROMPT_TUNING");
  field.count("num_virtual_tokens", c.virtual_tokens, 65'536);
  if (present("token_dim")) field.count("token_dim", c.token_dim, 65'536);
  if (present("num_transformer_submodules"))
    field.count("num_transformer_submodules", c.submodules, 16);
  if (c.submodules != 1)
    field.fail("num_transformer_submodules",
               "1: rows of an encoder and of a decoder are not one prompt");
  return c;
}

/// An adapter as PEFT keeps it: a folder with adapter_config.json and its tensors.
[[nodiscard]] inline bool is_peft_folder(std::filesystem::path const& path) {
  return is_folder(path) && is_there(path / "adapter_config.json");
}
[[nodiscard]] inline PeftConfig read_peft_config(std::filesystem::path const& folder) {
  auto const file = folder / "adapter_config.json";
  return parse_peft_config(read_file(file), file.string());
}
/// The file of its tensors: adapter_model.safetensors, or else adapter_model.bin.
[[nodiscard]] inline std::filesystem::path peft_tensors(std::filesystem::path const& folder) {
  for (char const* name : {"adapter_model.safetensors", "adapter_model.bin"})
    if (is_there(folder / name)) return folder / name;
  throw CheckpointError(text(folder.string(),
                             ": an adapter of PEFT has adapter_model.safetensors "
                             "or adapter_model.bin beside adapter_config.json"));
}

}  // namespace vlpt::io
