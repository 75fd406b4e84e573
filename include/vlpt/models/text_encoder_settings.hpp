#pragma once
#include "vlpt/autodiff/init.hpp"
#include "vlpt/core/tokens.hpp"
#include "vlpt/models/arch/text_encoder.hpp"

namespace vlpt {

/// Settings of a text encoder that are values: everything that its type leaves open.
template <TextArch A, class Prompt, class Skip>
struct TextEncoderSettings {
  TextEncoderFacts facts = text_encoder_facts<A>();
  Prompt prompt{};
  Skip skip{};
  Index classes = 0;       // 0: no head, the output is the pooled row
  Index head_hidden = 0;   // of a head with two products; 0: with one
  bool every_row = false;  // without a head: the words' rows come before the pooled one
  double dropout = 0.1;    // of embedded words and of both branches, while training
  Index words = 0;         // of the longest text that runs are planned for; 0: as the facts allow
  Init head_init = Init::normal(0.02);

  /// For texts of so many words.
  [[nodiscard]] static constexpr TextEncoderSettings of(Tokens tokens) {
    TextEncoderSettings s{};
    s.words = tokens.text;
    return s;
  }
  /// Throws InputError that names the setting in the way.
  constexpr void check() const {
    if (every_row && classes > 0) throw InputError("every row is given without a head");
    if (words > facts.text.words)
      throw InputError(
          text("texts of ", words, " words do not fit a model of at most ", facts.text.words));
  }
};

}  // namespace vlpt
