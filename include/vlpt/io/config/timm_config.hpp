#pragma once
#include <array>
#include <charconv>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "vlpt/io/config/allowed_fields.hpp"
#include "vlpt/io/config/description.hpp"
#include "vlpt/io/config/image_sizes.hpp"
#include "vlpt/io/config/labels.hpp"
#include "vlpt/io/config/open_clip_config.hpp"
#include "vlpt/io/config/size_check.hpp"
#include "vlpt/io/naming/timm.hpp"

namespace vlpt::io {

/// What the name of a timm model says: vit_base_patch16_224, deit_small_patch16_224,
/// vit_base_patch32_clip_quickgelu_224.openai. Nothing where it is no such name.
[[nodiscard]] inline std::optional<VisionFacts> timm_architecture(std::string const& name) {
  struct Size {
    std::string_view name;
    Index dim, depth, heads;
  };
  static constexpr std::array<Size, 5> sizes{{{"tiny", 192, 12, 3},
                                              {"small", 384, 12, 6},
                                              {"base", 768, 12, 12},
                                              {"large", 1024, 24, 16},
                                              {"huge", 1280, 32, 16}}};
  std::vector<std::string> part;
  std::istringstream words(name.substr(0, name.find('.')));
  for (std::string word; std::getline(words, word, '_');) part.push_back(word);
  auto const number = [](std::string_view digits, Index& into) {
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into);
    return error == std::errc{} && end == digits.data() + digits.size() && into > 0 &&
           into <= static_cast<Index>(max_image_size);
  };
  auto const takes = [&part](char const* word) {
    bool const there = part.size() > 3 && part[3] == word;
    if (there) part.erase(part.begin() + 3);
    return there;
  };
  VisionFacts f;
  if (takes("clip")) {
    f.pre_norm = true, f.patch_bias = false, f.eps = 1e-5;
    if (takes("quickgelu")) f.gelu = GeluKind::quick;
  }
  if (part.size() != 4 || (part[0] != "vit" && part[0] != "deit")) return std::nullopt;
  if (!part[2].starts_with("patch") || !number(part[2].substr(5), f.patch) ||
      !number(part[3], f.image))
    return std::nullopt;
  for (Size const& s : sizes)
    if (part[1] == s.name) f.dim = s.dim, f.depth = s.depth, f.heads = s.heads;
  if (f.dim == 0) return std::nullopt;
  f.hidden = 4 * f.dim;
  return f;
}

/// The arguments that a timm model was made with, over what its name says.
inline void read_timm_arguments(Json const& json, std::string const& where, VisionFacts& f) {
  FieldReader const field(json, where);
  check_allowed(field, json,
                {{"class_token", true},
                 {"no_embed_class", false},
                 {"reg_tokens", 0},
                 {"init_values", nullptr},
                 {"qk_norm", false},
                 {"pos_embed", "learn"},
                 {"final_norm", true},
                 {"proj_bias", true},
                 {"act_layer", nullptr},
                 {"norm_layer", nullptr},
                 {"mlp_layer", nullptr},
                 {"block_fn", nullptr},
                 {"embed_layer", nullptr}});
  auto const count = [&](char const* name, Index& into, std::uint64_t limit) {
    if (json.contains(name)) field.count(name, into, limit);
  };
  Index const before = f.dim;
  count("img_size", f.image, max_image_size);
  count("patch_size", f.patch, max_image_size);
  count("in_chans", f.channels, max_channels);
  count("embed_dim", f.dim, max_width);
  count("depth", f.depth, max_layers);
  count("num_heads", f.heads, max_width);
  if (field.has("mlp_ratio") || f.dim != before) f.hidden = mlp_width(field, json, f.dim);
  if (field.has("qkv_bias")) field.flag("qkv_bias", f.qkv_bias);
  if (field.has("pre_norm")) field.flag("pre_norm", f.pre_norm), f.patch_bias = !f.pre_norm;
  if (f.dim % f.heads != 0) field.fail("num_heads", text("a divisor of embed_dim ", f.dim));
  check_image_sizes(field, f.image, f.patch);
}

/// timm's config.json: "architecture" names the sizes, "model_args" what differs from them.
[[nodiscard]] inline Description describe_timm(ConfigFile const& file,
                                               Checkpoint const& checkpoint) {
  FieldReader const field(file.json, file.where);
  std::string name, pool = "token";
  field.word("architecture", name);
  auto const known = timm_architecture(name);
  if (!known)
    field.fail("architecture",
               "vit_SIZE_patchP_N or deit_SIZE_patchP_N, with SIZE tiny, small, base, large or "
               "huge and one class token");
  VisionFamily family{*known};
  Json const arguments = object_in(field, file.json, "model_args");
  read_timm_arguments(arguments, file.where + ": model_args", family.facts);
  // What the model was made with decides; the field beside it only informs.
  FieldReader const made(arguments, file.where + ": model_args");
  FieldReader const& pools = made.has("global_pool") ? made : field;
  if (pools.has("global_pool")) pools.word("global_pool", pool);
  if (pool != "token" && pool != "avg" && !pool.empty())
    pools.fail("global_pool", "\"token\" or \"avg\"");
  bool const mean = pool == "avg";
  Naming naming = naming::timm(mean ? "fc_norm" : "norm");
  if (mean && find_canonical(checkpoint, naming, "norm.weight") == nullptr)
    throw CheckpointError(text(file.where,
                               ": field \"global_pool\" is \"avg\", which needs a norm "
                               "behind the mean (fc_norm), but ",
                               checkpoint.path().string(), " has none"));
  family.facts.pool = mean ? Pool::mean_image : Pool::class_row;
  SizeCheck const check(file.where, checkpoint, naming);
  check.layers("depth", family.facts.depth);
  check.size("embed_dim", family.facts.dim, "embed.class_row", "the class row is");
  check.extent("mlp_ratio x embed_dim", family.facts.hidden, "layers.0.mlp.fc1.weight", 0,
               "the first MLP is");
  check.positions(family.facts.image, family.facts.patch, family.facts.dim, "embed.positions");
  family.facts.check();
  family.classes = head_rows(checkpoint, naming);
  return {family, std::move(naming), timm_labels(file, family.classes)};
}

}  // namespace vlpt::io
