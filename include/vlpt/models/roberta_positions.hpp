#pragma once
#include <span>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// RoBERTa's positions of texts of `words` words each: padding + 1, padding + 2, ... over the
/// words, and `padding` (also the number of the padding word) where there is none.
inline void count_positions(std::span<Index const> ids, Index words, Index padding,
                            std::vector<Index>& positions) {
  VLPT_CHECK(words > 0 && static_cast<Index>(ids.size()) % words == 0, ids.size(),
             " words do not make texts of ", words, " words each");
  positions.resize(ids.size());
  Index seen = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (static_cast<Index>(i) % words == 0) seen = 0;
    positions[i] = ids[i] == padding ? padding : padding + ++seen;
  }
}
[[nodiscard]] inline std::vector<Index> roberta_positions(std::span<Index const> ids, Index words,
                                                          Index padding = 1) {
  std::vector<Index> positions;
  count_positions(ids, words, padding, positions);
  return positions;
}

}  // namespace vlpt
