#pragma once
#include <string>
#include <utility>

#include "vlpt/io/config/describe_meter.hpp"
#include "vlpt/io/config/describe_vilt.hpp"
#include "vlpt/io/config/description.hpp"
#include "vlpt/io/config/image_of.hpp"
#include "vlpt/io/config/labels.hpp"
#include "vlpt/io/naming/clip.hpp"
#include "vlpt/io/naming/look_up.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/naming/torchvision.hpp"

namespace vlpt::io {

/// Finds the sizes of a model whose file has no config beside it: OpenAI's CLIP, the original MAE,
/// MoCo v3, DeiT, torchvision, the original ViLT and METER. Heads do not show in shapes: they are
/// of width 64 in all of these but the huge ones' (80) and MoCo v3's small one (32); FolderOptions
/// says otherwise.
class FromShapes {
 public:
  FromShapes(Checkpoint const& checkpoint, FolderOptions const& options)
      : checkpoint_(checkpoint), options_(options) {}

  /// Throws CheckpointError where the names are of none of these.
  [[nodiscard]] Description describe() const {
    for (auto const& [name, entry] : checkpoint_.entries())
      if (name.ends_with("dist_token"))
        throw CheckpointError(
            text(checkpoint_.path().string(), ": tensor ", name,
                 ": a distilled DeiT has two class rows; vlpt reads models of one"));
    if (is_meter(checkpoint_)) return describe_original_meter(checkpoint_, options_);
    if (is_original_vilt(checkpoint_)) return describe_original_vilt(checkpoint_, options_);
    if (Naming n = naming::clip_openai(); has(n, "image.embed.class_row"))
      return clip(std::move(n));
    for (bool old : {false, true})
      if (Naming n = naming::torchvision(old); has(n, "layers.0.mlp.fc1.weight"))
        return vision(std::move(n));
    for (char const* norm : {"norm", "fc_norm"})
      if (Naming n = naming::timm(norm); has(n, "embed.class_row") && has(n, "norm.weight"))
        return timm(std::move(n), std::string(norm) == "fc_norm");
    throw CheckpointError(
        text(checkpoint_.path().string(),
             " has no config.json (or open_clip_config.json) beside it, and its names are of no "
             "family whose sizes show in its shapes: OpenAI's CLIP, MAE, MoCo v3, DeiT, "
             "torchvision, ViLT, METER"));
  }

 private:
  [[nodiscard]] bool has(Naming const& n, std::string const& canonical) const {
    return find_canonical(checkpoint_, n, canonical) != nullptr;
  }
  [[nodiscard]] Shape shape(Naming const& n, std::string const& canonical, int rank) const {
    auto const* const record = find_canonical(checkpoint_, n, canonical);
    if (record == nullptr)
      throw CheckpointError(text(checkpoint_.path().string(), ": tensor ",
                                 n.source(canonical).value().names.front(), " is missing"));
    if (record->shape.rank != rank || record->shape.size() == 0)
      throw CheckpointError(text(checkpoint_.path().string(), ": tensor ", record->name,
                                 " has shape ", record->shape, ", which is no model's"));
    return record->shape;
  }
  [[nodiscard]] Index heads(Index dim, Index asked, bool moco, char const* option) const {
    Index const n = asked > 0 ? asked : dim == 1280 ? 16 : moco && dim == 384 ? 12 : dim / 64;
    if (n <= 0 || dim % n != 0 || (asked == 0 && dim % 64 != 0))
      throw CheckpointError(text(
          checkpoint_.path().string(), ": a width of ", dim,
          asked > 0 ? text(" does not divide into ", asked, " heads")
                    : std::string(" is not one whose heads are known, and shapes do not show them"),
          "; open it with {.", option, " = ...}"));
    return n;
  }
  [[nodiscard]] VisionFacts facts(Naming const& n, std::string const& part, bool moco) const {
    Shape const patches = shape(n, part + "embed.patches.weight", 4);
    VisionFacts f{.channels = patches[1], .patch = patches[2], .dim = patches[0]};
    f.image = image_of(checkpoint_, n, part + "embed.positions", part + "embed.patches.weight");
    f.depth = layers_in(checkpoint_, n, part);
    f.hidden = shape(n, part + "layers.0.mlp.fc1.weight", 2)[0];
    f.heads = heads(f.dim, options_.heads, moco, "heads");
    f.patch_bias = has(n, part + "embed.patches.bias");
    f.qkv_bias = has(n, part + "layers.0.attention.qkv.bias");
    f.pre_norm = n.source(part + "pre_norm.weight") && has(n, part + "pre_norm.weight");
    return f;
  }
  [[nodiscard]] Description vision(Naming naming) const {
    VisionFamily family{facts(naming, "", false)};
    family.facts.check();
    family.classes = head_rows(checkpoint_, naming);
    return {family, std::move(naming)};
  }
  /// MAE and MoCo v3 interpolate without antialiasing, and their positions never learn.
  [[nodiscard]] Description timm(Naming naming, bool mean) const {
    bool moco = false, mae = false, wrapped = false;
    for (auto const& [name, entry] : checkpoint_.entries()) {
      moco = moco || name.find("base_encoder.") != std::string::npos ||
             name.find("momentum_encoder.") != std::string::npos;
      wrapped = wrapped || name.starts_with("module.");
      mae = mae || name.ends_with("decoder_embed.weight");
    }
    VisionFamily family{facts(naming, "", moco)};
    // torch writes "module." in front of whatever ran on several machines: DeiT's small model of 6
    // heads, and MoCo v3's of 12 behind its linear probe, have the same names and shapes then.
    if (wrapped && !moco && family.facts.dim == 384 && options_.heads == 0)
      throw CheckpointError(text(
          checkpoint_.path().string(),
          ": names that start with \"module.\" and a width of 384 are of MoCo v3's small model "
          "(12 heads) or of any other (6): open it with {.heads = ...}"));
    if (family.facts.pre_norm)
      throw CheckpointError(
          text(checkpoint_.path().string(),
               ": norm_pre is of a CLIP in timm's names; only its config.json says whether it "
               "computes GELU or QuickGELU"));
    if (moco || mae || mean) naming.interpolation = Interpolation::bicubic;
    if (moco || mae) family.facts.learned_positions = false;
    if (mae) family.facts.pool = Pool::mean_all;
    if (mean) family.facts.pool = Pool::mean_image;
    family.facts.check();
    family.classes = head_rows(checkpoint_, naming);
    return {family, std::move(naming)};
  }
  /// OpenAI's models compute QuickGELU.
  [[nodiscard]] Description clip(Naming naming) const {
    DualFamily family{facts(naming, "image.", false), {}};
    family.facts.eps = 1e-5, family.facts.gelu = GeluKind::quick;
    family.facts.projection = shape(naming, "image.projection.weight", 2)[1];
    Shape const words = shape(naming, "text.embed.tokens", 2);
    family.text = {.vocabulary = words[0],
                   .tokens = shape(naming, "text.embed.positions", 2)[0],
                   .dim = words[1],
                   .depth = layers_in(checkpoint_, naming, "text."),
                   .heads = heads(words[1], options_.text_heads, false, "text_heads"),
                   .hidden = shape(naming, "text.layers.0.mlp.fc1.weight", 2)[0],
                   .gelu = GeluKind::quick};
    family.facts.check(), family.text.check();
    return {family, std::move(naming)};
  }

  Checkpoint const& checkpoint_;
  FolderOptions const& options_;
};

}  // namespace vlpt::io
