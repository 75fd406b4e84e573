#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/io/tokenizer/unicode_class.hpp"

namespace vlpt::io {

/// How a normalized text is cut into words, each of which is then cut into pieces by itself.
struct PreTokenizer {
  enum class Split {
    clip,          // contractions, letters, single digits, the rest; white space goes
    clip_special,  // the same, with <|startoftext|> and <|endoftext|> kept whole
    gpt2,          // contractions; letters, numbers, the rest with the space before; white space
    bert,          // white space goes, punctuation stands alone
  };
  using Words = std::vector<std::u32string_view>;

  bool prefix_space = false;  // a text that starts with no space gets one
  std::vector<Split> splits{};

  /// The words, which point into `text`.
  [[nodiscard]] Words operator()(std::u32string& text) const {
    if (prefix_space && !text.starts_with(U' ')) text.insert(text.begin(), U' ');
    Words words{text};
    for (Split const split : splits) {
      Words next;
      for (std::u32string_view const word : words) apply(split, word, next);
      words = std::move(next);
    }
    return words;
  }

 private:
  using View = std::u32string_view;
  static void apply(Split split, View text, Words& out) {
    for (std::size_t at = 0; at < text.size();) {
      std::size_t const length = split == Split::gpt2 ? gpt2(text, at)
                                 : split == Split::bert
                                     ? bert(text, at)
                                     : clip(text, at, split == Split::clip_special);
      if (split == Split::gpt2 || !is_space(text[at])) out.push_back(text.substr(at, length));
      at += length;
    }
  }

  // Each returns the length of the word that starts there; never 0.
  [[nodiscard]] static std::size_t clip(View text, std::size_t at, bool special) {
    if (is_space(text[at])) return 1;
    if (special)
      for (View const whole : {View(U"<|startoftext|>"), View(U"<|endoftext|>")})
        if (text.substr(at).starts_with(whole)) return whole.size();
    if (std::size_t const n = contraction(text, at)) return n;
    return is_number(text[at]) ? 1 : same(text, at);
  }
  [[nodiscard]] static std::size_t gpt2(View text, std::size_t at) {
    if (std::size_t const n = contraction(text, at)) return n;
    std::size_t const space = text[at] == U' ' ? 1 : 0;
    if (at + space < text.size() && !is_space(text[at + space]))
      return space + same(text, at + space);
    std::size_t const n = same(text, at);  // white space; its last character is the next word's
    return at + n == text.size() || n == 1 ? n : n - 1;
  }
  [[nodiscard]] static std::size_t bert(View text, std::size_t at) {
    if (is_space(text[at]) || is_punctuation(text[at])) return 1;
    std::size_t n = 1;
    while (at + n < text.size() && !is_space(text[at + n]) && !is_punctuation(text[at + n])) ++n;
    return n;
  }

  [[nodiscard]] static std::size_t contraction(View text, std::size_t at) {
    if (text[at] != U'\'') return 0;
    for (View const end :
         {View(U"s"), View(U"t"), View(U"re"), View(U"ve"), View(U"m"), View(U"ll"), View(U"d")})
      if (text.substr(at + 1).starts_with(end)) return end.size() + 1;
    return 0;
  }
  /// How many characters are of the same class: letters, numbers, white space, the rest.
  [[nodiscard]] static std::size_t same(View text, std::size_t at) {
    int const first = class_of(text[at]);
    std::size_t n = 1;
    while (at + n < text.size() && class_of(text[at + n]) == first) ++n;
    return n;
  }
  [[nodiscard]] static int class_of(char32_t c) {
    return is_letter(c) ? 0 : is_number(c) ? 1 : is_space(c) ? 2 : 3;
  }
};

}  // namespace vlpt::io
