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
  out.emplace(prefix + "patch_bias", value_text(f.patch_bias));
  out.emplace(prefix + "qkv_bias", value_text(f.qkv_bias));
  out.emplace(prefix + "activation", gelu_name(f.gelu));
  return out;
}
[[nodiscard]] inline NamedValues without_free(NamedValues facts) {
  std::erase_if(facts, [](auto const& fact) {
    for (char const* free : {"eps", "pool", "learned_positions", "prompts_first", "unit_length"})
      if (fact.first.ends_with(free)) return true;
    return false;
  });
  return facts;
}
[[nodiscard]] inline NamedValues sizes_of(VisionFamily const& f) {
  return without_free(sizes_of(f.facts));
}
[[nodiscard]] inline NamedValues sizes_of(DualFamily const& f) {
  NamedValues out = sizes_of(f.facts);
  out.merge(named_facts(f.text));
  out.emplace("text_activation", gelu_name(f.text.gelu));
  out.emplace("text_end", "the largest word");  // unless the facts name another
  return without_free(std::move(out));
}
[[nodiscard]] inline NamedValues sizes_of(SingleStreamFamily const& f) {
  NamedValues out = sizes_of(f.facts.vision);
  out.merge(named_facts(f.facts));
  return without_free(std::move(out));
}
[[nodiscard]] inline NamedValues sizes_of(TwoStreamFamily const& f) {
  NamedValues out = sizes_of(f.facts.image, "image_tower_");
  out.merge(named_facts(f.facts));
  return without_free(std::move(out));
}

[[nodiscard]] inline NamedValues sizes_of(TextFamily const& f) {
  NamedValues out = named_facts(f.facts);
  out.erase("text_tokens");  // the longest text that is asked for; positions are the table's
  return without_free(std::move(out));
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
[[nodiscard]] constexpr auto family_of() {
  if constexpr (TextArch<A>)
    return TextFamily{text_encoder_facts<A>()};
  else if constexpr (TwoStreamArch<A>)
    return TwoStreamFamily{two_stream_facts<A>()};
  else if constexpr (SingleStreamArch<A>)
    return SingleStreamFamily{single_stream_facts<A>()};
  else if constexpr (requires { typename A::Text; })
    return DualFamily{facts_of<A>(), text_facts_of<A>()};
  else
    return VisionFamily{facts_of<A>()};
}
template <class A>
using FamilyOf = decltype(family_of<A>());

/// Whether a file leaves out what a type fixes. ViLT's own code reads 200 patches of an image, and
/// so does arch::ViLT_B32; the config.json that goes with these very weights says max_image_length
/// -1, all of them. Such a file is of that architecture, whose model then reads what the file's
/// facts say; a net that was made without them is refused by bind(net, folder), since of an image
/// of more patches it would read others.
template <class Family>
[[nodiscard]] bool left_open(Family const& file, std::string const& name) {
  if constexpr (std::is_same_v<Family, SingleStreamFamily>)
    return name == "max_patches" && file.facts.max_patches == file.facts.canvas_patches();
  else
    return false;
}

/// How the facts of a file differ from an architecture's: "depth: the file has 6, arch vit-b16 has
/// 12". Of one whose sizes are known at run time only the activations are compared, and these too
/// are free where its activation is AnyGelu.
template <class A>
[[nodiscard]] std::vector<std::string> differences(FamilyOf<A> const& file) {
  NamedValues const has = sizes_of(file), fixed = sizes_of(family_of<A>());
  std::vector<std::string> out;
  for (auto const& [name, value] : fixed) {
    bool const activation = name.ends_with("activation");
    if (activation ? std::is_same_v<typename A::Activation, AnyGelu> : DynamicArch<A>) continue;
    if (left_open(file, name)) continue;
    if (auto const at = has.find(name); at == has.end() || at->second != value)
      out.push_back(text(name, ": the file has ", at == has.end() ? "none" : at->second, ", arch ",
                         A::name, " has ", value));
  }
  return out;
}

}  // namespace vlpt::io
