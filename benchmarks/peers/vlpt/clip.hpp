#pragma once
#include "net_work.hpp"
#include "vlpt/models/dual_encoder.hpp"

namespace peers {

inline constexpr Index classes = 100;

/// Texts of classes that differ behind the first word and end in the last place.
[[nodiscard]] inline vlpt::ClassTexts class_texts(Index tokens, Index vocabulary,
                                                  Index count = classes) {
  vlpt::ClassTexts t{count, tokens};
  vlpt::Random const random{5};
  for (Index k = 0; k < count; ++k)
    for (Index i = 0; i < tokens; ++i) {
      auto const at = static_cast<std::uint64_t>(k * tokens + i);
      t.ids.push_back(i == 0            ? vocabulary - 2
                      : i + 1 == tokens ? vocabulary - 1
                                        : 1 + random.below(at, vocabulary - 3));
    }
  t.name_lengths.assign(static_cast<std::size_t>(count), tokens - 3);
  return t;
}

}  // namespace peers
