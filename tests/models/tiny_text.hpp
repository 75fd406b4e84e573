#pragma once
#include <vector>

#include "models/tiny.hpp"
#include "vlpt/models/text_encoder.hpp"

namespace vlpt::test {

/// A text encoder small enough for plain loops, whose positions count from 2 over words.
struct TinyText : arch::RobertaBase {
  static constexpr std::string_view name = "tiny-text";
  static constexpr Index vocabulary = 9, positions = 6, words = 4, segments = 2;
  static constexpr Index dim = 8, depth = 3, heads = 2, hidden = 12;
};

/// Texts, every second of which is padded, with segments.
struct TextBatch {
  Index samples;
  std::vector<Index> ids, types;
  std::vector<unsigned char> mask;

  explicit TextBatch(Index n = 2) : samples(n) {
    for (Index r = 0; r < n; ++r)
      for (Index w = 0; w < 4; ++w) {
        bool const word = r % 2 == 0 || w < 3;
        ids.push_back(word ? 2 + (3 * r + 2 * w) % 7 : 1);
        types.push_back(w >= 2 ? 1 : 0);
        mask.push_back(word ? 1 : 0);
      }
  }
  [[nodiscard]] Texts input() const { return {samples, 4, ids.data(), mask.data(), types.data()}; }
};

}  // namespace vlpt::test
