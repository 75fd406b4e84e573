#pragma once
#include <string>
#include <utility>

#include "vlpt/io/config/allowed_fields.hpp"
#include "vlpt/io/config/describe_clip.hpp"
#include "vlpt/io/config/description.hpp"
#include "vlpt/io/config/image_sizes.hpp"
#include "vlpt/io/config/size_check.hpp"
#include "vlpt/io/naming/clip.hpp"

namespace vlpt::io {

/// An object within another, empty where it is missing.
[[nodiscard]] inline Json object_in(FieldReader const& field, Json const& json, char const* name) {
  if (!json.contains(name)) return Json::object();
  if (!json[name].is_object()) field.fail(name, "an object");
  return json[name];
}

/// The width of an MLP: "mlp_ratio" (4 where it is not said) times the width of the tower.
[[nodiscard]] inline Index mlp_width(FieldReader const& field, Json const& json, Index width) {
  if (!json.contains("mlp_ratio")) return 4 * width;
  double const ratio = json["mlp_ratio"].is_number() ? json["mlp_ratio"].get<double>() : 0;
  if (!(ratio > 0 && ratio <= 64)) field.fail("mlp_ratio", "a number up to 64");
  return static_cast<Index>(static_cast<double>(width) * ratio);
}

/// The epsilon of its layer norms: "norm_kwargs": {"eps": 1e-5}.
[[nodiscard]] inline double norm_epsilon(FieldReader const& field, Json const& json) {
  double eps = 1e-5;
  if (!json.contains("norm_kwargs") || json["norm_kwargs"].is_null()) return eps;
  Json const& norm = json["norm_kwargs"];
  if (!norm.is_object() || norm.size() != norm.count("eps"))
    field.fail("norm_kwargs", "{\"eps\": x}");
  if (norm.contains("eps")) FieldReader(norm, field.where() + ": norm_kwargs").fraction("eps", eps);
  return eps;
}

/// What a tower of either kind may not have. (A last norm behind the pooling is the same one.)
inline void check_open_clip_tower(FieldReader const& field, Json const& json) {
  check_allowed(field, json,
                {{"ls_init_value", nullptr},
                 {"act_kwargs", nullptr},
                 {"block_type", "default"},
                 {"qk_norm", false},
                 {"scaled_cosine_attn", false},
                 {"scale_heads", false},
                 {"scale_attn_inner", false},
                 {"scale_attn", false},
                 {"scale_fc", false}});
}

/// "vision_cfg" of an open_clip model, as facts.
[[nodiscard]] inline VisionFacts open_clip_vision(Json const& json, std::string const& where) {
  FieldReader const field(json, where);
  check_open_clip_tower(field, json);
  check_allowed(field, json,
                {{"timm_model_name", nullptr},
                 {"attentional_pool", false},
                 {"global_average_pool", false},
                 {"input_patchnorm", false},
                 {"no_ln_pre", false},
                 {"pos_embed_type", "learnable"},
                 {"pool_type", "tok"}});
  VisionFacts f{.patch_bias = false, .pre_norm = true};
  f.eps = norm_epsilon(field, json);
  f.image = 224, f.dim = 768, f.depth = 12, f.patch = 16;
  Index head_width = 64;
  auto const count = [&](char const* name, Index& into, std::uint64_t limit) {
    if (json.contains(name)) field.count(name, into, limit);
  };
  count("image_size", f.image, max_image_size);
  count("patch_size", f.patch, max_image_size);
  count("width", f.dim, max_width);
  count("layers", f.depth, max_layers);  // a list of four: a ResNet
  count("head_width", head_width, max_width);
  check_image_sizes(field, f.image, f.patch);
  if (f.dim % head_width != 0) field.fail("head_width", text("a divisor of width ", f.dim));
  f.heads = f.dim / head_width;
  f.hidden = mlp_width(field, json, f.dim);
  return f;
}

/// "text_cfg" of an open_clip model, as facts.
[[nodiscard]] inline TextTowerFacts open_clip_text(Json const& json, std::string const& where) {
  FieldReader const field(json, where);
  check_open_clip_tower(field, json);
  bool const named_end = json.contains("pool_type") && json["pool_type"] == "eos";
  check_allowed(field, json,
                {{"hf_model_name", nullptr},
                 {"embed_cls", false},
                 {"no_causal_mask", false},
                 {"pool_type", named_end ? "eos" : "argmax"},
                 {"proj_type", "linear"},
                 {"proj_bias", false}});
  TextTowerFacts f{.vocabulary = 49408, .tokens = 77, .dim = 512, .depth = 12, .heads = 8};
  auto const count = [&](char const* name, Index& into, std::uint64_t limit) {
    if (json.contains(name)) field.count(name, into, limit);
  };
  count("context_length", f.tokens, 1'000'000);
  count("vocab_size", f.vocabulary, 1'000'000);
  count("width", f.dim, max_width);
  count("heads", f.heads, max_width);
  count("layers", f.depth, max_layers);
  if (named_end) f.end = 2, count("eos_id", f.end, 1'000'000);
  if (f.end >= f.vocabulary)
    field.fail("eos_id", text("a word of the vocabulary, less than vocab_size ", f.vocabulary));
  if (f.dim % f.heads != 0) field.fail("heads", text("a divisor of width ", f.dim));
  f.hidden = mlp_width(field, json, f.dim);
  f.eps = norm_epsilon(field, json);
  return f;
}

/// open_clip_config.json: two towers, under OpenAI's names.
[[nodiscard]] inline Description describe_open_clip(ConfigFile const& file,
                                                    Checkpoint const& checkpoint) {
  FieldReader const top(file.json, file.where);
  if (!top.has("model_cfg")) top.fail("model_cfg", "an object");
  Json const model = object_in(top, file.json, "model_cfg");
  FieldReader const field(model, file.where + ": model_cfg");
  check_allowed(field, model,
                {{"multimodal_cfg", nullptr},
                 {"init_logit_bias", nullptr},
                 {"nonscalar_logit_scale", false}});
  DualFamily family{
      open_clip_vision(object_in(field, model, "vision_cfg"), file.where + ": vision_cfg"),
      open_clip_text(object_in(field, model, "text_cfg"), file.where + ": text_cfg")};
  field.count("embed_dim", family.facts.projection, max_width);
  bool quick = false;
  if (field.has("quick_gelu")) field.flag("quick_gelu", quick);
  family.facts.gelu = family.text.gelu = quick ? GeluKind::quick : GeluKind::exact;

  Naming naming = naming::clip_openai();
  naming.family = "open_clip";
  auto const tower = [&](char const* cfg, auto const& f, std::string const& part) {
    SizeCheck const check(file.where + ": " + cfg, checkpoint, naming);
    check.layers("layers", f.depth, part);
    check.size("width", f.dim, part + "norm.weight", "the last norm is");
    return check;
  };
  tower("vision_cfg", family.facts, "image.")
      .positions(family.facts.image, family.facts.patch, family.facts.dim, "image.embed.positions");
  auto const texts = tower("text_cfg", family.text, "text.");
  texts.extent("vocab_size", family.text.vocabulary, "text.embed.tokens", 0,
               "the table of words is");
  texts.extent("context_length", family.text.tokens, "text.embed.positions", 0,
               "the table of positions is");
  check_projection(SizeCheck(file.where, checkpoint, naming), naming, family.facts.projection,
                   "embed_dim");
  family.facts.check(), family.text.check();
  return {family, std::move(naming)};
}

}  // namespace vlpt::io
