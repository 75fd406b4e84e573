#pragma once
#include <array>
#include <filesystem>
#include <utility>

#include "vlpt/blocks/facts.hpp"
#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/config.hpp"
#include "vlpt/io/dataset/preprocessor_config.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/naming/vit_hf.hpp"
#include "vlpt/io/naming/vit_mae_hf.hpp"

namespace vlpt::io {

/// What a config.json says of the encoder. ViT-MAE: fixed positions, and the mean of all rows is
/// what VPT reads; ViT: learned positions and the class row.
[[nodiscard]] inline VisionFacts vision_facts(VitConfig const& c) {
  bool const mae = c.model_type == "vit_mae";
  return {.image = c.image_size,
          .channels = c.num_channels,
          .patch = c.patch_size,
          .dim = c.hidden_size,
          .depth = c.num_hidden_layers,
          .heads = c.num_attention_heads,
          .hidden = c.intermediate_size,
          .eps = c.layer_norm_eps,
          .qkv_bias = c.qkv_bias,
          .learned_positions = !mae,
          .pool = mae ? Pool::mean_all : Pool::class_row};
}

/// A backbone as Hugging Face lays it out: config.json, preprocessor_config.json and
/// model.safetensors (or shards), whose names are those of ViT, ViT-MAE or timm.
struct ModelFolder {
  std::filesystem::path path;
  VitConfig config;
  VisionFacts facts;
  Preprocess preprocess;
  Checkpoint checkpoint;
  Naming naming;

  /// Throws InputError, naming file and field, for what is missing, broken or not supported.
  [[nodiscard]] static ModelFolder open(std::filesystem::path const& path) {
    VLPT_CHECK(std::filesystem::is_directory(path), "there is no model folder ", path.string(),
               "; it holds config.json, preprocessor_config.json and model.safetensors");
    VitConfig const config = read_vit_config(path);
    Preprocess preprocess = read_preprocess(path);
    auto const config_file = (path / "config.json").string();
    VLPT_CHECK(config.hidden_act == "gelu", config_file,
               ": \"hidden_act\" must be \"gelu\", not \"", config.hidden_act,
               "\"; vlpt computes no other activation in a ViT");
    VLPT_CHECK(preprocess.size == config.image_size && preprocess.channels == config.num_channels,
               (path / "preprocessor_config.json").string(), " makes pictures of ",
               preprocess.channels, " x ", preprocess.size, " x ", preprocess.size, ", but ",
               config_file, " wants ", config.num_channels, " x ", config.image_size, " x ",
               config.image_size);
    Checkpoint checkpoint = open_checkpoint(path);
    Naming naming = naming_of(checkpoint, config);
    VisionFacts const facts = vision_facts(config);
    facts.check();
    return {path, config, facts, std::move(preprocess), std::move(checkpoint), std::move(naming)};
  }

 private:
  /// The family that the file's class row is named by; that of the config where none is.
  [[nodiscard]] static Naming naming_of(Checkpoint const& checkpoint, VitConfig const& config) {
    std::array<Naming, 2> const known{
        config.model_type == "vit_mae" ? naming::vit_mae_hf() : naming::vit_hf(), naming::timm()};
    for (Naming const& n : known)
      for (std::string const& name : n.spellings(n.source("embed.class_row")->names.front()))
        if (checkpoint.find(name).record != nullptr) return n;
    return known.front();
  }
};

}  // namespace vlpt::io
