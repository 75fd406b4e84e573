#pragma once
#include <ostream>
#include <string_view>
#include <variant>
#include <vector>

#include "vlpt/core/index.hpp"
#include "vlpt/io/tokenizer/added_tokens.hpp"
#include "vlpt/io/tokenizer/byte_pairs.hpp"
#include "vlpt/io/tokenizer/normalizer.hpp"
#include "vlpt/io/tokenizer/pre_tokenizer.hpp"
#include "vlpt/io/tokenizer/vocabulary.hpp"
#include "vlpt/io/tokenizer/word_pieces.hpp"

namespace vlpt::io {

/// CLIP's byte pairs with ends of words, BERT's word pieces, RoBERTa's byte pairs (GPT-2's).
enum class TokenizerKind { clip, bert, roberta };

[[nodiscard]] constexpr std::string_view name_of(TokenizerKind kind) {
  return kind == TokenizerKind::clip ? "clip" : kind == TokenizerKind::bert ? "bert" : "roberta";
}
inline std::ostream& operator<<(std::ostream& out, TokenizerKind kind) {
  return out << name_of(kind);
}

/// What the files of a tokenizer say, whichever files they are.
struct TokenizerParts {
  TokenizerKind kind;
  Vocabulary vocabulary;
  Normalizer normalizer;
  PreTokenizer pre_tokenizer;
  std::variant<BytePairs, WordPieces> model;
  std::vector<AddedToken> added;
  std::vector<Index> before, after;  // special tokens around every text
  Index pad = Vocabulary::none, unknown = Vocabulary::none, mask = Vocabulary::none;
};

}  // namespace vlpt::io
