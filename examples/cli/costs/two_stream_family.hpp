#pragma once
#include "arch_facts.hpp"
#include "cost_choice.hpp"
#include "vlpt/models/two_stream.hpp"

namespace vlpt::cli {

/// METER. APT's scale stays 0 there, and parallel adapters stand behind the norm.
struct TwoStreamFamily {
  using Facts = TwoStreamFacts;
  template <class Prompt, class Skip, class Learn>
  using Model = TwoStream<arch::METER_B16_288, Prompt, Skip, Learn>;
  static constexpr bool one_stream = false, learns_scale = false, adapts_after_norm = true;

  template <class Settings>
  static void set(Settings& s, Facts const& facts, CostChoice const& choice) {
    s.facts = facts, s.classes = choice.head, s.words = choice.text;
  }
};

}  // namespace vlpt::cli
