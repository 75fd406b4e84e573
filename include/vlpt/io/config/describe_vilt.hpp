#pragma once
#include <cmath>
#include <utility>

#include "vlpt/io/config/description.hpp"
#include "vlpt/io/config/image_of.hpp"
#include "vlpt/io/config/labels.hpp"
#include "vlpt/io/config/size_check.hpp"
#include "vlpt/io/config/vilt_config.hpp"
#include "vlpt/io/naming/task_head.hpp"
#include "vlpt/io/naming/vilt.hpp"

namespace vlpt::io {

/// Throws a CheckpointError for a field that the file's shapes contradict.
inline void check_vilt(SizeCheck const& check, ViltConfig const& c) {
  check.extent("vocab_size", c.vocab_size, "embed.text.words", 0, "the table of words is");
  check.extent("hidden_size", c.hidden_size, "embed.text.words", 1, "the table of words is");
  check.extent("max_position_embeddings", c.max_position_embeddings, "embed.text.positions", 0,
               "the table of words' positions is");
  check.extent("type_vocab_size", c.type_vocab_size, "embed.text.segments", 0,
               "the table of segments is");
  check.extent("modality_type_vocab_size", c.modality_type_vocab_size, "embed.types", 0,
               "the table of modalities is");
  check.extent("patch_size", c.patch_size, "embed.image.patches.weight", 3,
               "the projection of patches is");
  check.layers("num_hidden_layers", c.num_hidden_layers);
  check.extent("intermediate_size", c.intermediate_size, "layers.0.mlp.fc1.weight", 0,
               "the first MLP is");
  check.positions(c.image_size, c.patch_size, c.hidden_size, "embed.image.positions");
}

/// The model of these sizes under a table of names, with the head for questions, for two images or
/// for ranking that the file holds. The original's blocks have an epsilon of 1e-6.
[[nodiscard]] inline Description vilt_of(ViltConfig const& c, ConfigFile const& file,
                                         Checkpoint const& checkpoint, Naming naming) {
  bool const original = naming.family == naming::vilt().family;
  check_vilt(SizeCheck(file.where, checkpoint, naming), c);
  HeadSizes const head =
      original ? add_head(naming, checkpoint,
                          {{"vqa_classifier", true}, {"nlvr2_classifier", true}, {"rank_output"}})
               : add_head(naming, checkpoint, {{"classifier", true}, {"rank_output"}});
  SingleStreamFamily family{stream_facts(c, original ? 1e-6 : c.layer_norm_eps), head.classes,
                            head.hidden};
  if (head.classes > 0) family.images = head.in / c.hidden_size;
  family.facts.check();
  return {family, std::move(naming), labels_of(file, family.classes)};
}

/// ViLT under the names of Hugging Face or the original.
[[nodiscard]] inline Description describe_vilt(ConfigFile const& file,
                                               Checkpoint const& checkpoint) {
  ViltConfig const c = vilt_config(file.json, file.where);
  return vilt_of(
      c, file, checkpoint,
      naming_of(checkpoint, {naming::vilt_hf(), naming::vilt()}, "embed.image.class_row"));
}

/// Whether a file's tensors have the names of the original ViLT.
[[nodiscard]] inline bool is_original_vilt(Checkpoint const& checkpoint) {
  Naming const naming = naming::vilt();
  return find_canonical(checkpoint, naming, "embed.text.words") != nullptr &&
         find_canonical(checkpoint, naming, "embed.image.class_row") != nullptr;
}

/// The original ViLT, which has no config: its shapes show all sizes but the heads', of which each
/// is 64 wide unless `heads` says how many there are.
[[nodiscard]] inline Description describe_original_vilt(Checkpoint const& checkpoint,
                                                        FolderOptions const& options) {
  Naming naming = naming::vilt();
  auto const extent = [&](char const* canonical, int axis) {
    return extent_of(checkpoint, naming, canonical, axis);
  };
  Index const dim = extent("embed.text.words", 1);
  ViltConfig const c{
      .vocab_size = extent("embed.text.words", 0),
      .type_vocab_size = extent("embed.text.segments", 0),
      .modality_type_vocab_size = extent("embed.types", 0),
      .max_position_embeddings = extent("embed.text.positions", 0),
      .hidden_size = dim,
      .num_hidden_layers = layers_in(checkpoint, naming),
      .num_attention_heads = heads_of(checkpoint, options.heads, dim, "{.heads = ...}"),
      .intermediate_size = extent("layers.0.mlp.fc1.weight", 0),
      .image_size =
          image_of(checkpoint, naming, "embed.image.positions", "embed.image.patches.weight"),
      .patch_size = extent("embed.image.patches.weight", 3),
      .num_channels = extent("embed.image.patches.weight", 1),
      .max_image_length = 200};
  return vilt_of(c, {Json::object(), checkpoint.path().string()}, checkpoint, std::move(naming));
}

}  // namespace vlpt::io
