#pragma once
#include "../classifier.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/models/vision_tower.hpp"

namespace vlpt::cli {

// The models of the program: any size, either of CLIP's activations.
template <class Prompt, class Skip = skip::Dense, class Learn = learn::Policy>
using Tower = VisionTower<arch::Dynamic<AnyGelu>, Prompt, Skip, Learn>;
template <class Prompt>
using Towers = DualEncoder<arch::DynamicDual<AnyGelu>, Prompt>;

template <class Model>
inline constexpr bool reads_texts = requires(Model m) {
  m.classes();
};

/// Rows that a policy puts into the text of a class, in place of the sentence around its name.
template <class Prompt>
[[nodiscard]] Index context_rows(Prompt const& prompt) {
  if constexpr (requires { prompt.text.prompts; })  // one of two policies
    return prompt.text.prompts;
  else if constexpr (has(Prompt::sites, Site::text_context))
    return prompt.prompts;
  else
    return 0;
}

/// A model of a folder under a policy of the library. What will be loaded into it, if anything, is
/// judged here.
template <class Model>
[[nodiscard]] Model model_of(io::ModelFolder const& folder, typename Model::PromptType prompt,
                             typename Model::SkipType skip, ClassifierSettings const& s) {
  auto const& family = io::require_arch<typename Model::ArchType>(folder);
  typename Model::Settings settings{.facts = family.facts};
  settings.prompt = prompt, settings.skip = skip;
  if constexpr (reads_texts<Model>) {
    VLPT_CHECK(!s.pool, "--pool has no effect on ", folder.path.string(),
               ": its image tower has a pooling of its own");
    settings.text = family.text;
    settings.texts = texts_of(folder, s, family.text.tokens, context_rows(prompt));
  } else {
    settings.classes = s.classes();
    // With a few images a class, a head that starts at zero beats VPT's random one by a point or
    // two.
    settings.head_init = settings.head_bias = Init::zero();
    if (s.pool) settings.facts.pool = *s.pool;
  }
  Model out(settings);
  if (s.delta != nullptr) (void)io::check_delta(*s.delta, out);
  return out;
}

}  // namespace vlpt::cli
