#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "vlpt/core/index.hpp"
#include "vlpt/io/tokenizer/code_points.hpp"
#include "vlpt/io/tokenizer/normalizer.hpp"
#include "vlpt/io/tokenizer/unicode_class.hpp"
#include "vlpt/io/tokenizer/vocabulary.hpp"

namespace vlpt::io {

/// A token that is found in the text itself, before words are ("[MASK]", "</s>"). A stripping one
/// takes the white space beside it; a normalized one is looked for after normalization.
struct AddedToken {
  std::string content;
  Index id = Vocabulary::none;
  bool strips_left = false;
  bool strips_right = false;
  bool normalized = false;
};

/// Cuts texts at added tokens: from the left, the longest of those that start there.
class AddedTokens {
 public:
  struct Part {
    Index id = Vocabulary::none;  // of the added token, or `none`: then a normalized text
    std::u32string text{};
  };

  AddedTokens() = default;
  AddedTokens(std::vector<AddedToken> const& tokens, Normalizer const& normalizer) {
    for (AddedToken const& token : tokens) {
      std::u32string const content = code_points(token.content);
      if (token.normalized)
        in_normalized_.add(normalizer(content), token);
      else
        in_raw_.add(content, token);
    }
  }

  [[nodiscard]] std::vector<Part> split(std::u32string_view text,
                                        Normalizer const& normalizer) const {
    std::vector<Part> parts;
    for (Piece const& raw : in_raw_.split(text)) {
      if (raw.id != Vocabulary::none) {
        parts.push_back({raw.id, {}});
        continue;
      }
      std::u32string const normalized = normalizer(std::u32string(raw.text));
      for (Piece const& piece : in_normalized_.split(normalized))
        parts.push_back({piece.id, std::u32string(piece.text)});
    }
    return parts;
  }

 private:
  struct Piece {
    Index id = Vocabulary::none;
    std::u32string_view text{};
  };
  struct Pattern {
    std::u32string content;
    AddedToken token;
  };

  class Matcher {
   public:
    void add(std::u32string content, AddedToken const& token) {
      if (content.empty()) return;
      auto& same = by_first_[content.front()];
      auto const at = std::ranges::upper_bound(same, content.size(), std::ranges::greater{},
                                               [](Pattern const& p) { return p.content.size(); });
      same.insert(at, {std::move(content), token});
    }
    [[nodiscard]] std::vector<Piece> split(std::u32string_view text) const {
      std::vector<Piece> pieces;
      std::size_t done = 0;
      for (std::size_t at = 0; at < text.size();) {
        Pattern const* const found = match(text.substr(at));
        if (found == nullptr) {
          ++at;
          continue;
        }
        std::size_t start = at, stop = at += found->content.size();
        while (found->token.strips_left && start > done && is_space(text[start - 1])) --start;
        while (found->token.strips_right && stop < text.size() && is_space(text[stop])) ++stop;
        if (done < start) pieces.push_back({Vocabulary::none, text.substr(done, start - done)});
        pieces.push_back({found->token.id, {}});
        done = stop;
      }
      if (done < text.size()) pieces.push_back({Vocabulary::none, text.substr(done)});
      return pieces;
    }

   private:
    [[nodiscard]] Pattern const* match(std::u32string_view text) const {
      auto const same = by_first_.find(text.front());
      if (same == by_first_.end()) return nullptr;
      for (Pattern const& pattern : same->second)
        if (text.starts_with(pattern.content)) return &pattern;
      return nullptr;
    }
    std::unordered_map<char32_t, std::vector<Pattern>> by_first_;
  };

  Matcher in_raw_, in_normalized_;
};

}  // namespace vlpt::io
