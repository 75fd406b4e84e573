#pragma once
#include "arch_facts.hpp"
#include "cost_choice.hpp"
#include "vlpt/models/single_stream.hpp"

namespace vlpt::cli {

/// ViLT. The row that APT's code puts in place of the first word is no part of the backbone, and
/// costs no multiply-accumulate: it is left out.
struct SingleStreamFamily {
  using Facts = SingleStreamFacts;
  template <class Prompt, class Skip, class Learn>
  using Model = SingleStream<arch::ViLT_B32, Prompt, Skip, Learn>;
  static constexpr bool one_stream = true, learns_scale = true, adapts_after_norm = false;

  template <class Settings>
  static void set(Settings& s, Facts const& facts, CostChoice const& choice) {
    s.facts = facts, s.classes = choice.head;
    s.room.text = choice.text, s.room.image = choice.image;
    s.replaces_first = false;
  }
};

}  // namespace vlpt::cli
