#pragma once
#include "vlpt/autodiff/init.hpp"
#include "vlpt/core/tokens.hpp"
#include "vlpt/models/arch/vision.hpp"

namespace vlpt {

/// Settings of a vision tower that are values: everything that its type leaves open.
template <Arch A, class Prompt, class Skip>
struct VisionSettings {
  VisionFacts facts = facts_of<A>();
  Prompt prompt{};
  Skip skip{};
  Index classes = 0;   // 0: no head, the output is the features
  double dropout = 0;  // of both branches of every block, while training
  Init head_init = Init::kaiming_fan_out();
  Init head_bias = Init::constant(-4.59511985013459);  // -ln 99: a prior of 0.01, as VPT's heads

  /// For images of so many rows, class row included; 0: as the facts say.
  [[nodiscard]] static constexpr VisionSettings of(Tokens tokens) {
    VisionSettings s{};
    s.facts = s.facts.with_tokens(tokens.image);
    return s;
  }
};

}  // namespace vlpt
