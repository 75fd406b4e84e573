#pragma once
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "vlpt/io/family.hpp"
#include "vlpt/io/model_facts.hpp"

namespace vlpt::io {

/// An architecture whose sizes are known at run time only.
template <class A>
concept DynamicArch = A::depth == 0;

// Facts that a type fixes, under their names. What is free at run time is not among them: the
// norms' epsilon, the pooling, whether positions learn.
[[nodiscard]] inline NamedValues sizes_of(VisionFacts const& f, std::string const& prefix = "") {
  NamedValues out = named_facts(f, prefix);
  for (char const* free : {"eps", "pool", "learned_positions"}) out.erase(prefix + free);
  out.emplace(prefix + "patch_bias", value_text(f.patch_bias));
  out.emplace(prefix + "qkv_bias", value_text(f.qkv_bias));
  return out;
}
[[nodiscard]] inline NamedValues sizes_of(VisionFamily const& f) {
  NamedValues out = sizes_of(f.facts);
  out.emplace("activation", f.activation);
  return out;
}
[[nodiscard]] inline NamedValues sizes_of(DualFamily const& f) {
  NamedValues out = sizes_of(f.facts);
  out.merge(named_facts(f.text));
  out.erase("text_eps"), out.erase("text_end");
  out.emplace("activation", f.activation);
  return out;
}
[[nodiscard]] inline NamedValues sizes_of(SingleStreamFamily const& f) {
  NamedValues out = sizes_of(f.facts.vision), all = named_facts(f.facts);
  for (char const* free : {"eps", "pool", "learned_positions", "text_eps"}) all.erase(free);
  out.merge(all);
  out.emplace("activation", f.activation);
  return out;
}
[[nodiscard]] inline NamedValues sizes_of(TwoStreamFamily const& f) {
  NamedValues out = sizes_of(f.facts.image, "image_tower_"), all = named_facts(f.facts);
  for (char const* free : {"eps", "text_eps", "image_tower_eps", "image_tower_pool",
                           "image_tower_learned_positions", "prompts_first"})
    all.erase(free);
  out.merge(all);
  out.emplace("activation", f.activation);
  out.emplace("image_tower_activation", f.image_activation);
  return out;
}

/// The epsilons of the layer norms, which differ between frameworks for the same weights.
template <class F>
[[nodiscard]] NamedValues epsilons_of(F const& f) {
  NamedValues all;
  if constexpr (requires { f.text; }) {
    all = named_facts(f.facts);
    all.merge(named_facts(f.text));
  } else {
    all = named_facts(f.facts);
  }
  std::erase_if(all, [](auto const& fact) { return !fact.first.ends_with("eps"); });
  return all;
}

/// An architecture as what a folder of it would hold.
template <class A>
[[nodiscard]] auto family_of() {
  std::string const act(activation_name_in<typename A::Activation>(VisionFacts{}));
  if constexpr (TwoStreamArch<A>)
    return TwoStreamFamily{two_stream_facts<A>(), act,
                           std::string(activation_name<typename A::ImageActivation>)};
  else if constexpr (SingleStreamArch<A>)
    return SingleStreamFamily{single_stream_facts<A>(), act};
  else if constexpr (requires { typename A::Text; })
    return DualFamily{facts_of<A>(), text_facts_of<A>(), act};
  else
    return VisionFamily{facts_of<A>(), act};
}
template <class A>
using FamilyOf = decltype(family_of<A>());

/// How the facts of a file differ from an architecture's: "depth: the file has 6, arch vit-b16 has
/// 12". Of one whose sizes are known at run time only the activations are compared, and where these
/// are as well (AnyGelu), nothing.
template <class A>
[[nodiscard]] std::vector<std::string> differences(FamilyOf<A> const& file) {
  NamedValues const has = sizes_of(file);
  NamedValues fixed = sizes_of(family_of<A>());
  if constexpr (std::is_same_v<typename A::Activation, AnyGelu>)
    if (has.at("activation") == gelu_name(GeluKind::exact) ||
        has.at("activation") == gelu_name(GeluKind::quick))
      fixed.erase("activation");
  std::vector<std::string> out;
  for (auto const& [name, value] : fixed)
    if (!DynamicArch<A> || name.ends_with("activation"))
      if (auto const at = has.find(name); at == has.end() || at->second != value)
        out.push_back(text(name, ": the file has ", at == has.end() ? "none" : at->second,
                           ", arch ", A::name, " has ", value));
  return out;
}

}  // namespace vlpt::io
