#pragma once
#include <string>
#include <type_traits>

#include "vlpt/io/arch_match.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/model_folder.hpp"

namespace vlpt::io {

/// A model as what a folder of it would hold. The activation is its type's, whatever its facts say,
/// unless the type leaves it open.
template <class Model>
[[nodiscard]] auto family_of_model(Model const& model) {
  using A = typename Model::ArchType;
  constexpr bool fixed = !std::is_same_v<typename A::Activation, AnyGelu>;
  constexpr GeluKind kind = gelu_kind_of<typename A::Activation>;
  if constexpr (requires { model.scores.text.facts; }) {
    DualFamily f{model.facts, model.scores.text.facts};
    if (fixed) f.facts.gelu = f.text.gelu = kind;
    return f;
  } else if constexpr (std::is_same_v<decltype(model.facts), VisionFacts>) {
    VisionFamily f{model.facts};
    if (fixed) f.facts.gelu = kind;
    return f;
  } else if constexpr (std::is_same_v<decltype(model.facts), TextEncoderFacts>) {
    return TextFamily{model.facts};
  } else if constexpr (std::is_same_v<decltype(model.facts), SingleStreamFacts>) {
    SingleStreamFamily f{model.facts};
    if (fixed) f.facts.vision.gelu = kind;
    return f;
  } else {
    TwoStreamFamily f{model.facts};
    f.facts.image.gelu = gelu_kind_of<typename A::ImageActivation>;
    return f;
  }
}

/// Here a type meets the file: the net's facts must be the folder's (what prompts, pools and learns
/// aside), or an InputError names every field that differs; then see bind(net, checkpoint, naming).
template <class N>
BindReport bind(N& net, ModelFolder const& folder, Head head = Head::drawn) {
  auto const model = family_of_model(net.model());
  auto const& file = folder.as<std::remove_cvref_t<decltype(model)>>();
  NamedValues has = sizes_of(file), wants = sizes_of(model);
  has.merge(epsilons_of(file)), wants.merge(epsilons_of(model));
  std::string message;
  for (auto const& [name, value] : wants)
    if (auto const at = has.find(name); at == has.end() || at->second != value)
      message += text("\n  ", name, ": the file has ", at == has.end() ? "none" : at->second,
                      ", the model (arch ", N::ModelType::ArchType::name, ") has ", value);
  if (!message.empty())
    throw InputError(text(folder.path.string(), " does not fit the model:", message,
                          "\nfacts of the file go into a model's settings: {.facts = ...}"));
  return bind(net, folder.checkpoint, folder.naming, head);
}

}  // namespace vlpt::io
