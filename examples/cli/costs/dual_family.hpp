#pragma once
#include "arch_facts.hpp"
#include "cost_choice.hpp"
#include "vlpt/models/dual_encoder.hpp"

namespace vlpt::cli {

/// CLIP: both towers. The classes' texts are blank, and as long as they may be.
struct DualFamily {
  using Facts = DualFacts;
  template <class Prompt, class Skip, class Learn>
  using Model = DualEncoder<arch::ClipB16, Prompt, Skip, Learn>;
  static constexpr bool one_stream = true, learns_scale = true, adapts_after_norm = false;

  template <class Settings>
  static void set(Settings& s, Facts const& facts, CostChoice const& choice) {
    bool const context = has(decltype(s.prompt)::sites, Site::text_context);
    Index const words = facts.text.tokens - (context ? choice.prompts : 0);
    VLPT_CHECK(words >= 3, "a context of ", choice.prompts, " rows leaves ", words,
               " of the texts' ", facts.text.tokens, " rows; start, name and end need 3");
    s.facts = facts.image, s.text = facts.text;
    s.texts = ClassTexts::blank(choice.classes, words);
  }
};

}  // namespace vlpt::cli
