#pragma once
#include "../peers/vlpt/clip.hpp"
#include "vision.hpp"

namespace growth {

/// What is asked of CLIP-B/32: images of 224 pixels, and texts of five words before a context.
struct Dual {
  Index batch = 1, classes = 100;
};

template <Kind kind, class Prompt>
[[nodiscard]] Subject dual(Dual const& asked, Prompt prompt = {}) {
  using Model = vlpt::DualEncoder<vlpt::arch::ClipB32, Prompt>;
  typename Model::Settings settings;
  settings.prompt = prompt;
  settings.texts = peers::class_texts(5, settings.text.vocabulary, asked.classes);
  return subject<kind, Model>(settings, asked.batch, Pixels(asked.batch, settings.facts.image));
}

using DualMaker = Subject (*)(Dual const&);

// One load and one inference of a batch each; contexts of 16 rows.
[[nodiscard]] Subject dual_none(Dual const&);
[[nodiscard]] Subject dual_context(Dual const&);
[[nodiscard]] Subject dual_context_middle(Dual const&);
[[nodiscard]] Subject dual_context_of_classes(Dual const&);  // class-specific
[[nodiscard]] Subject dual_conditional(Dual const&);         // four rows
[[nodiscard]] Subject dual_unified(Dual const&);  // four rows in the texts and in each layer

[[nodiscard]] Subject dual_context_forward(Dual const&);
[[nodiscard]] Subject dual_context_step(Dual const&);

}  // namespace growth
