#pragma once
#include <array>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "vlpt/blocks/facts.hpp"
#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/config.hpp"
#include "vlpt/io/dataset/preprocessor_config.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/naming/vit_hf.hpp"
#include "vlpt/io/naming/vit_mae_hf.hpp"
#include "vlpt/io/read_file.hpp"

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
    VLPT_CHECK(!path.empty(), "the name of the model folder is empty");
    VLPT_CHECK(is_folder(path), "there is no model folder ", path.string(),
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
    check_sizes(checkpoint, naming, config, config_file);
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

  /// Compares what config.json says with the file's shapes before a model of that size is built.
  static void check_sizes(Checkpoint const& checkpoint, Naming const& naming, VitConfig const& c,
                          std::string const& config_file) {
    auto const compare = [&](char const* field, Index says, Index has, auto const& seen) {
      if (says != has)
        throw CheckpointError(text(config_file, ": field \"", field, "\" is ", says, ", but ",
                                   checkpoint.path().string(), " has ", has, " (", seen, ")"));
    };
    auto const shape = [&](char const* canonical) {
      std::string const name = naming.source(canonical)->names.front();
      for (std::string const& spelling : naming.spellings(name))
        if (auto const* const record = checkpoint.find(spelling).record) return record->shape;
      throw CheckpointError(text(checkpoint.path().string(), ": tensor ", name, " is missing"));
    };
    compare("num_hidden_layers", c.num_hidden_layers, layers(checkpoint, naming), "layers");
    Shape const row = shape("embed.class_row"), wide = shape("layers.0.mlp.fc1.weight");
    compare("hidden_size", c.hidden_size, row.size(), text("the class row is ", row));
    if (wide.rank > 0)
      compare("intermediate_size", c.intermediate_size, wide[0], text("the first MLP is ", wide));
    auto const places = naming.source("embed.positions")->names.front();
    for (std::string const& spelling : naming.spellings(places))  // ViT-MAE may leave them out
      if (auto const* const record = checkpoint.find(spelling).record) {
        Index const side = c.image_size / c.patch_size, rows = side * side + 1;
        if (record->shape.size() != rows * c.hidden_size)
          throw CheckpointError(text(config_file, ": field \"image_size\" is ", c.image_size,
                                     ", which with patches of ", c.patch_size, " needs ", rows,
                                     " positions of ", c.hidden_size, " values, but ",
                                     checkpoint.path().string(), " has positions ", record->shape));
      }
  }
  /// How many different layers the names of the file speak of.
  [[nodiscard]] static Index layers(Checkpoint const& checkpoint, Naming const& naming) {
    std::set<std::string, std::less<>> found;
    for (Rule const& rule : naming.rules) {
      if (!rule.canonical.starts_with("layers.*.")) continue;
      for (std::string const& pattern : naming.spellings(rule.names.front()))
        for (auto const& [name, where] : checkpoint.entries())
          if (auto const stars = match_name(pattern, name)) found.emplace(stars->front());
    }
    return static_cast<Index>(found.size());
  }
};

}  // namespace vlpt::io
