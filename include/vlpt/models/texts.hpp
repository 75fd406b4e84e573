#pragma once
#include "vlpt/ops/embed_words.hpp"

namespace vlpt {

/// A batch of texts, as a text encoder reads it. Null mask: nothing is padding. Null positions: as
/// the encoder counts them. What it points to must live until the reverse.
struct Texts {
  Index batch = 0;
  Index words = 0;                      // of every text, padding included
  Index const* ids = nullptr;           // (batch, words)
  unsigned char const* mask = nullptr;  // (batch, words), 0 = padding
  Index const* types = nullptr;         // (batch, words): segments; null: 0
  Index const* positions = nullptr;     // (batch, words)

  [[nodiscard]] constexpr Words of_words() const { return {batch, words, ids, types, positions}; }
  [[nodiscard]] constexpr Index size() const { return batch * words; }
};

}  // namespace vlpt
