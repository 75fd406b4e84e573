#pragma once
#include <set>
#include <string>
#include <utility>

#include "vlpt/io/config/description.hpp"
#include "vlpt/io/config/image_of.hpp"
#include "vlpt/io/config/labels.hpp"
#include "vlpt/io/config/meter_config.hpp"
#include "vlpt/io/config/size_check.hpp"
#include "vlpt/io/naming/meter.hpp"
#include "vlpt/io/naming/task_head.hpp"

namespace vlpt::io {

/// Whether a file's tensors have METER's names.
[[nodiscard]] inline bool is_meter(Checkpoint const& checkpoint) {
  return find_canonical(checkpoint, naming::meter(), "text_pooler.dense.weight") != nullptr;
}

/// How many layers of each stream cross, as a file's names show.
[[nodiscard]] inline Index meter_depth(Checkpoint const& checkpoint) {
  std::set<std::string, std::less<>> found;
  for (std::string const& spelling :
       naming::meter().spellings("cross_modal_text_layers.*.intermediate.dense.weight"))
    for (auto const& [name, where] : checkpoint.entries())
      if (auto const stars = match_name(spelling, name)) found.emplace(stars->front());
  return static_cast<Index>(found.size());
}

/// The original METER with CLIP and RoBERTa: its sizes are those of its tensors. The head is that
/// for questions, two images, entailment or ranking.
[[nodiscard]] inline Description meter_of(MeterConfig const& c, ConfigFile const& file,
                                          Checkpoint const& checkpoint) {
  Naming naming = naming::meter(meter_depth(checkpoint));
  auto const extent = [&](char const* canonical, int axis) {
    return extent_of(checkpoint, naming, canonical, axis);
  };
  TwoStreamFamily family;
  TwoStreamFacts& f = family.facts;
  f.depth = meter_depth(checkpoint);
  f.dim = extent("embed.text.weight", 0),
  f.heads =
      heads_of(checkpoint, c.num_attention_heads, f.dim, "num_attention_heads or {.heads = ...}");
  f.hidden = extent("layers.0.mlp.fc1.weight", 0), f.eps = c.layer_norm_eps;
  f.types = extent("embed.types", 0);

  f.image.dim = extent("image.embed.patches.weight", 0);
  f.image.channels = extent("image.embed.patches.weight", 1);
  f.image.patch = extent("image.embed.patches.weight", 3);
  f.image.image =
      image_of(checkpoint, naming, "image.embed.positions", "image.embed.patches.weight");
  f.image.depth = layers_in(checkpoint, naming, "image.");
  f.image.heads = heads_of(checkpoint, c.image_num_attention_heads, f.image.dim,
                           "image_num_attention_heads or {.heads = ...}");
  f.image.hidden = extent("image.layers.0.mlp.fc1.weight", 0);
  f.image.eps = c.image_layer_norm_eps;
  f.image.patch_bias = false, f.image.pre_norm = true, f.image.gelu = GeluKind::quick;

  f.text.vocabulary = extent("text.embed.words", 0), f.text.dim = extent("text.embed.words", 1);
  f.text.positions = extent("text.embed.positions", 0), f.text.words = c.max_text_len;
  f.text.depth = layers_in(checkpoint, naming, "text.");
  f.text.heads = heads_of(checkpoint, c.text_num_attention_heads, f.text.dim,
                          "text_num_attention_heads or {.text_heads = ...}");
  f.text.hidden = extent("text.layers.0.mlp.fc1.weight", 0);
  f.text.eps = c.text_layer_norm_eps;
  if (c.image_size > 0)
    SizeCheck(file.where, checkpoint, naming)
        .positions(c.image_size, f.image.patch, f.image.dim, "image.embed.positions");
  f.check();

  HeadSizes const head = add_head(naming, checkpoint,
                                  {{"vqa_classifier", true},
                                   {"nlvr2_classifier", true},
                                   {"snli_classifier", true},
                                   {"rank_output"}});
  family.classes = head.classes, family.head_hidden = head.hidden;
  if (head.classes > 0) family.images = head.in / f.features();
  return {family, std::move(naming), labels_of(file, family.classes)};
}

/// With a config.json of "model_type": "meter".
[[nodiscard]] inline Description describe_meter(ConfigFile const& file,
                                                Checkpoint const& checkpoint) {
  return meter_of(meter_config(file.json, file.where), file, checkpoint);
}
/// The same without a config; `options` may say how many heads there are.
[[nodiscard]] inline Description describe_original_meter(Checkpoint const& checkpoint,
                                                         FolderOptions const& options) {
  MeterConfig c;
  c.num_attention_heads = c.image_num_attention_heads = options.heads;
  c.text_num_attention_heads = options.text_heads;
  return meter_of(c, {Json::object(), checkpoint.path().string()}, checkpoint);
}

}  // namespace vlpt::io
