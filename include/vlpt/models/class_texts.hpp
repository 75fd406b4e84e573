#pragma once
#include <cstddef>
#include <vector>

#include "vlpt/core/index.hpp"

namespace vlpt {

/// One text for each class, as numbers of words: [start ... end, padding]. The end token is the
/// first of the largest number, as in CLIP, or the one that the tower's facts name. Where a policy
/// has a context, its rows stand next to the name, which follows the start token: [start, name,
/// full stop, end].
struct ClassTexts {
  Index classes = 0;
  Index tokens = 0;                   // words of each text, padding included
  std::vector<Index> ids{};           // (classes, tokens)
  std::vector<Index> name_lengths{};  // words of each name; only for a context in front or middle

  /// Texts to plan and to count with, blank but for names of one word, of which no two neighbours
  /// have the same, and the end in the last place.
  [[nodiscard]] static constexpr ClassTexts blank(Index classes, Index tokens) {
    ClassTexts t{classes, tokens};
    Index const end = classes > 1 ? 2 : 1;
    for (Index k = 0; k < classes; ++k)
      for (Index i = 0; i < tokens; ++i)
        t.ids.push_back(i + 1 == tokens ? end : i == 1 ? k % 2 : 0);
    for (Index k = 0; k < classes; ++k) t.name_lengths.push_back(1);
    return t;
  }
  /// The same texts with this word in the last place; TextTowerFacts::largest (-1): as they are.
  [[nodiscard]] constexpr ClassTexts ending_with(Index word) const {
    ClassTexts t = *this;
    for (Index k = 1; word >= 0 && k <= classes; ++k)
      t.ids[static_cast<std::size_t>(k * tokens - 1)] = word;
    return t;
  }
};

}  // namespace vlpt
