#pragma once
#include "vlpt/autodiff/init.hpp"
#include "vlpt/core/tokens.hpp"
#include "vlpt/models/arch/two_stream.hpp"

namespace vlpt {

/// Settings of a two-stream model that are values: everything that its type leaves open.
template <TwoStreamArch A, class Prompt, class Skip>
struct TwoStreamSettings {
  TwoStreamFacts facts = two_stream_facts<A>();
  Prompt prompt{};
  Skip skip{};
  Index classes = 0;           // 0: no head, the output is the pooled rows
  Index head_hidden = 0;       // of a head with two products (VQA, NLVR2: 1536); 0: with one
  Index images = 1;            // of a sample: 2 in NLVR2
  bool replaces_first = true;  // whether a learnt row replaces the text's first
  bool every_row = false;  // without a head: the rows of both streams come before the pooled ones
  double dropout = 0.1;    // of the text tower and of the layers that cross, while training
  Index words = 0;         // of the longest text that runs are planned for; 0: as the facts allow
  Init head_init = Init::normal(0.02);

  /// For texts and images of so many rows.
  [[nodiscard]] static constexpr TwoStreamSettings of(Tokens tokens) {
    TwoStreamSettings s{};
    s.words = tokens.text;
    s.facts.image = s.facts.image.with_tokens(tokens.image);
    return s;
  }
  /// Throws InputError that names the setting in the way.
  constexpr void check() const {
    if (images < 1) throw InputError(text("a sample has at least one image, got ", images));
    if (every_row && (classes > 0 || images > 1))
      throw InputError("every row is given for one image and without a head");
  }
};

}  // namespace vlpt
