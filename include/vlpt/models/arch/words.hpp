#pragma once
#include "vlpt/blocks/layer_facts.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// What a text tower of RoBERTa's kind is made of.
struct WordsFacts {
  Index vocabulary = 0;
  Index positions = 0;  // rows of their table
  Index words = 0;      // of the longest text, padding included
  Index dim = 0, depth = 0, heads = 1, hidden = 0;
  double eps = 1e-5;

  constexpr bool operator==(WordsFacts const&) const = default;
  [[nodiscard]] constexpr LayerFacts at(Index layer) const {
    return {.dim = dim,
            .heads = heads,
            .hidden = hidden,
            .eps = eps,
            .depth = depth,
            .layer = layer,
            .running = depth,
            .modality = Modality::text};
  }
};

}  // namespace vlpt
