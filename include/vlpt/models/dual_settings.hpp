#pragma once
#include "vlpt/core/tokens.hpp"
#include "vlpt/models/arch/vision.hpp"
#include "vlpt/models/class_texts.hpp"
#include "vlpt/models/text_tower_facts.hpp"

namespace vlpt {

/// Settings of a dual encoder that are values: everything that its type leaves open.
template <Arch A, class Prompt, class Skip>
struct DualSettings {
  VisionFacts facts = facts_of<A>();
  TextTowerFacts text = text_facts_of<A>();
  Prompt prompt{};
  Skip skip{};         // of the layers of both towers, the image's first
  ClassTexts texts{};  // none: one blank text, to plan and to count with
  Index words = 0;     // rows of that, context included; 0: as many as the text tower has
  Index chunk = 64;    // texts that run at once; of more, the reverse computes each chunk again
  Index padding = 16;  // rows that may run behind the end tokens of a chunk before it is cut
  double dropout = 0;  // of both branches of every block of the image tower, while training

  /// For images of so many rows, class row included, and one text of so many rows, context
  /// included; 0: as the facts say.
  [[nodiscard]] static constexpr DualSettings of(Tokens tokens) {
    DualSettings s{};
    s.facts = s.facts.with_tokens(tokens.image);
    s.words = tokens.text;
    return s;
  }
};

}  // namespace vlpt
