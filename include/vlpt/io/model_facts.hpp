#pragma once
#include <string>
#include <string_view>

#include "vlpt/blocks/facts.hpp"
#include "vlpt/io/named_values.hpp"
#include "vlpt/io/policy_settings.hpp"
#include "vlpt/io/pool_name.hpp"
#include "vlpt/models/arch/single_stream.hpp"
#include "vlpt/models/arch/text_encoder.hpp"
#include "vlpt/models/arch/two_stream.hpp"
#include "vlpt/models/text_tower_facts.hpp"
#include "vlpt/ops/any_gelu.hpp"

namespace vlpt::io {

/// The name of an activation, from its type; one of your own has a `name`.
template <class A>
inline constexpr std::string_view activation_name = A::name;
template <class Formula>
inline constexpr std::string_view activation_name<Activation<Formula>> = Formula::name;

/// The same for an activation of several kinds: the one that the facts say.
template <class A, class Facts>
[[nodiscard]] std::string_view activation_name_in(Facts const& facts) {
  if constexpr (std::is_same_v<A, AnyGelu>)
    return gelu_name(facts.gelu);
  else
    return activation_name<A>;
}

/// The facts of a Vision Transformer that its weights may not show, under names with a prefix.
[[nodiscard]] inline NamedValues named_facts(VisionFacts const& f, std::string const& prefix = "") {
  return {{prefix + "image", value_text(f.image)},
          {prefix + "channels", value_text(f.channels)},
          {prefix + "patch", value_text(f.patch)},
          {prefix + "dim", value_text(f.dim)},
          {prefix + "depth", value_text(f.depth)},
          {prefix + "heads", value_text(f.heads)},
          {prefix + "hidden", value_text(f.hidden)},
          {prefix + "projection", value_text(f.projection)},
          {prefix + "eps", value_text(f.eps)},
          {prefix + "pre_norm", value_text(f.pre_norm)},
          {prefix + "learned_positions", value_text(f.learned_positions)},
          {prefix + "pool", value_text(pool_name(f.pool))}};
}
/// The same of CLIP's text tower.
[[nodiscard]] inline NamedValues named_facts(TextTowerFacts const& f) {
  NamedValues out{{"text_vocabulary", value_text(f.vocabulary)},
                  {"text_tokens", value_text(f.tokens)},
                  {"text_dim", value_text(f.dim)},
                  {"text_depth", value_text(f.depth)},
                  {"text_heads", value_text(f.heads)},
                  {"text_hidden", value_text(f.hidden)},
                  {"text_eps", value_text(f.eps)}};
  if (f.end != TextTowerFacts::largest) out.emplace("text_end", value_text(f.end));
  return out;
}
/// The same of a text encoder.
[[nodiscard]] inline NamedValues named_facts(TextEncoderFacts const& f) {
  return {{"text_vocabulary", value_text(f.text.vocabulary)},
          {"text_positions", value_text(f.text.positions)},
          {"text_tokens", value_text(f.text.words)},
          {"text_segments", value_text(f.segments)},
          {"text_padding", value_text(f.padding)},
          {"text_dim", value_text(f.text.dim)},
          {"text_depth", value_text(f.text.depth)},
          {"text_heads", value_text(f.text.heads)},
          {"text_hidden", value_text(f.text.hidden)},
          {"text_eps", value_text(f.text.eps)},
          {"text_pool", value_text(pool_name(f.pool))},
          {"text_unit_length", value_text(f.unit_length)}};
}
/// The same of a single stream: its blocks' facts, and what of words and patches it reads.
[[nodiscard]] inline NamedValues named_facts(SingleStreamFacts const& f) {
  NamedValues out = named_facts(f.vision);
  out.insert({{"canvas", value_text(f.canvas)},
              {"max_patches", value_text(f.max_patches)},
              {"text_vocabulary", value_text(f.vocabulary)},
              {"text_tokens", value_text(f.words)},
              {"text_eps", value_text(f.text_eps)}});
  return out;
}
/// The same of two streams: the layers that cross, then either tower.
[[nodiscard]] inline NamedValues named_facts(TwoStreamFacts const& f) {
  NamedValues out = named_facts(f.image, "image_tower_");
  out.insert({{"dim", value_text(f.dim)},
              {"depth", value_text(f.depth)},
              {"heads", value_text(f.heads)},
              {"hidden", value_text(f.hidden)},
              {"eps", value_text(f.eps)},
              {"prompts_first", value_text(f.place == PromptPlace::front)},
              {"text_vocabulary", value_text(f.text.vocabulary)},
              {"text_tokens", value_text(f.text.words)},
              {"text_dim", value_text(f.text.dim)},
              {"text_depth", value_text(f.text.depth)},
              {"text_heads", value_text(f.text.heads)},
              {"text_hidden", value_text(f.text.hidden)},
              {"text_eps", value_text(f.text.eps)}});
  return out;
}

/// What changes a model's numbers and may not show in its weights: two models of the same weights
/// that differ here give other answers.
template <class Model>
[[nodiscard]] NamedValues model_facts(Model const& model) {
  using A = typename Model::ArchType;
  NamedValues out = named_facts(model.facts);
  out.emplace("activation", activation_name_in<typename A::Activation>(model.facts));
  if constexpr (requires { typename A::ImageActivation; })
    out.emplace("image_tower_activation", activation_name<typename A::ImageActivation>);
  if constexpr (requires { model.images; }) out.emplace("images", value_text(model.images));
  out.emplace("skip", Model::SkipType::name);
  for (auto const& [name, value] : policy_settings(model.skip_policy))
    out.emplace("skip_" + name, value);  // skip_plan: 4,5,10,11
  if constexpr (requires { model.scores.text.facts; })
    out.merge(named_facts(model.scores.text.facts));  // not the classes: prompts go with other ones
  return out;
}

}  // namespace vlpt::io
