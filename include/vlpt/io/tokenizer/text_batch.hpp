#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"

namespace vlpt::io {

/// Texts of one length, padded at their ends, as models::TextImages and text encoders read them.
struct TextBatch {
  Index texts = 0;
  Index words = 0;                    // of each, special tokens and padding included
  std::vector<Index> ids{};           // (texts, words)
  std::vector<unsigned char> mask{};  // (texts, words), 0 = padding
  std::vector<Index> cut{};           // (texts): tokens that were left out at its end
};

/// Encodes texts of at most `most` tokens and pads them to the longest of them, or to `words`.
[[nodiscard]] inline TextBatch text_batch(Tokenizer const& tokenizer,
                                          std::span<std::string const> texts, Index most,
                                          Index words = 0) {
  VLPT_CHECK(words <= most, "texts of at most ", most, " tokens cannot be padded to ", words);
  VLPT_CHECK(tokenizer.pad() != Vocabulary::none, "the tokenizer has no token to pad with");
  TextBatch batch{.texts = static_cast<Index>(texts.size()), .words = words};
  std::vector<Encoded> encoded;
  for (std::string const& text : texts) {
    encoded.push_back(tokenizer.encode(text, words > 0 ? words : most));
    batch.words = std::max(batch.words, static_cast<Index>(encoded.back().ids.size()));
    batch.cut.push_back(encoded.back().cut);
  }
  for (Encoded const& e : encoded) {
    auto const padding = static_cast<std::size_t>(batch.words) - e.ids.size();
    batch.ids.insert(batch.ids.end(), e.ids.begin(), e.ids.end());
    batch.ids.insert(batch.ids.end(), padding, tokenizer.pad());
    batch.mask.insert(batch.mask.end(), e.ids.size(), 1);
    batch.mask.insert(batch.mask.end(), padding, 0);
  }
  return batch;
}

}  // namespace vlpt::io
