#pragma once
#include "arch_facts.hpp"
#include "cost_choice.hpp"
#include "vlpt/models/vision_tower.hpp"

namespace vlpt::cli {

/// Vision Transformers. Costs do not depend on the activation.
struct VisionFamily {
  using Facts = VisionFacts;
  template <class Prompt, class Skip, class Learn>
  using Model = VisionTower<arch::Dynamic<>, Prompt, Skip, Learn>;
  static constexpr bool one_stream = true, learns_scale = true, adapts_after_norm = false;

  template <class Settings>
  static void set(Settings& s, Facts const& facts, CostChoice const& choice) {
    s.facts = facts, s.classes = choice.head;
  }
};

}  // namespace vlpt::cli
