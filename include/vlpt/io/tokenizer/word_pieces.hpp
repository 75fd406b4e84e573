#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/index.hpp"
#include "vlpt/io/tokenizer/vocabulary.hpp"

namespace vlpt::io {

/// WordPiece (Schuster and Nakajima, 2012; BERT): from the left the longest piece that the
/// vocabulary has; all but the first of a word carry a prefix ("##").
class WordPieces {
 public:
  /// A word that cannot be cut so, or has more characters than `most`, is `unknown`.
  WordPieces(std::string prefix, Index most, Index unknown)
      : prefix_(std::move(prefix)), most_(most), unknown_(unknown) {}

  /// Appends the numbers of the pieces of one word, in UTF-8.
  void encode(Vocabulary const& vocabulary, std::string_view word, std::vector<Index>& out) const {
    auto const starts = [&](std::size_t i) {  // a character, as opposed to a byte within
      return i == word.size() || (static_cast<unsigned char>(word[i]) & 0xc0) != 0x80;
    };
    Index characters = 0;
    for (std::size_t i = 0; i < word.size(); ++i) characters += starts(i) ? 1 : 0;
    std::size_t const before = out.size();
    std::string piece;
    for (std::size_t at = 0; characters <= most_ && at < word.size();) {
      piece = at == 0 ? "" : prefix_;
      std::size_t const offset = piece.size();
      piece += word.substr(at);
      Index id = Vocabulary::none;
      std::size_t end = word.size();
      for (; end > at; --end) {
        if (!starts(end)) continue;
        piece.resize(offset + end - at);
        if ((id = vocabulary.find(piece)) != Vocabulary::none) break;
      }
      if (id == Vocabulary::none) {
        out.resize(before);
        characters = most_ + 1;
        break;
      }
      out.push_back(id);
      at = end;
    }
    if (characters > most_) out.push_back(unknown_);
  }

 private:
  std::string prefix_;
  Index most_, unknown_;
};

}  // namespace vlpt::io
