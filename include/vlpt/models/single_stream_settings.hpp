#pragma once
#include "vlpt/core/tokens.hpp"
#include "vlpt/models/arch/single_stream.hpp"

namespace vlpt {

/// Settings of a single-stream model that are values: everything that its type leaves open.
template <SingleStreamArch A, class Prompt, class Skip>
struct SingleStreamSettings {
  SingleStreamFacts facts = single_stream_facts<A>();
  Prompt prompt{};
  Skip skip{};
  Index classes = 0;           // 0: no head, the output is the pooled rows
  Index head_hidden = 0;       // of a head with two products (VQA, NLVR2: 1536); 0: with one
  Index images = 1;            // of a sample: 2 in NLVR2
  bool replaces_first = true;  // whether a learnt row replaces the first word (not LST, not DAS)
  bool every_row = false;      // without a head: the normed rows come before the pooled one
  double dropout = 0.1;        // of the backbone, while training
  Tokens room{};               // the largest input, class row counted; 0: as the facts allow
  Init head_init = Init::normal(0.02);

  /// For texts and images of so many rows.
  [[nodiscard]] static constexpr SingleStreamSettings of(Tokens tokens) {
    SingleStreamSettings s{};
    s.room = tokens;
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
