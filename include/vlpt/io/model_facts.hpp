#pragma once
#include <string_view>

#include "vlpt/blocks/facts.hpp"
#include "vlpt/io/named_values.hpp"
#include "vlpt/io/policy_settings.hpp"
#include "vlpt/io/pool_name.hpp"
#include "vlpt/ops/activation.hpp"

namespace vlpt::io {

/// The name of an activation, from its type; one of your own has a `name`.
template <class A>
inline constexpr std::string_view activation_name = A::name;
template <class Formula>
inline constexpr std::string_view activation_name<Activation<Formula>> = Formula::name;

/// What changes a model's numbers and may not show in its weights: two models of the same weights
/// that differ here give other answers.
template <class Model>
[[nodiscard]] NamedValues model_facts(Model const& model) {
  VisionFacts const& f = model.facts;
  NamedValues out{{"image", value_text(f.image)},
                  {"channels", value_text(f.channels)},
                  {"patch", value_text(f.patch)},
                  {"dim", value_text(f.dim)},
                  {"depth", value_text(f.depth)},
                  {"heads", value_text(f.heads)},
                  {"hidden", value_text(f.hidden)},
                  {"projection", value_text(f.projection)},
                  {"eps", value_text(f.eps)},
                  {"activation", value_text(activation_name<typename Model::ArchType::Activation>)},
                  {"pre_norm", value_text(f.pre_norm)},
                  {"learned_positions", value_text(f.learned_positions)},
                  {"pool", value_text(pool_name(f.pool))},
                  {"skip", value_text(Model::SkipType::name)}};
  for (auto const& [name, value] : policy_settings(model.skip_policy))
    out.emplace("skip_" + name, value);  // skip_plan: 4,5,10,11
  if constexpr (requires { model.scores.text.facts; }) {
    auto const& t = model.scores.text.facts;  // not the classes: prompts go with other ones, too
    out.insert({{"text_vocabulary", value_text(t.vocabulary)},
                {"text_tokens", value_text(t.tokens)},
                {"text_dim", value_text(t.dim)},
                {"text_depth", value_text(t.depth)},
                {"text_heads", value_text(t.heads)},
                {"text_hidden", value_text(t.hidden)},
                {"text_eps", value_text(t.eps)}});
  }
  return out;
}

}  // namespace vlpt::io
