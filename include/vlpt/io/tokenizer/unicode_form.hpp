#pragma once
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/io/tokenizer/unicode_class.hpp"

namespace vlpt::io {

/// Normal forms and lower case of text, by utf8proc, but for characters that the Unicode of the
/// reference tokenizers does not know: whichever utf8proc is there, the result is the same.
class UnicodeForm {
 public:
  /// NFD: characters taken apart, marks in their canonical order.
  [[nodiscard]] static std::u32string decomposed(std::u32string_view text) {
    std::u32string out;
    out.reserve(text.size());
    for (char32_t const c : text) {
      if (c < 0xc0 || is_newer(c)) {
        out += c;
        continue;
      }
      std::array<utf8proc_int32_t, 32> parts{};  // at most four are needed
      int unused = 0;
      auto const n = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(),
                                             static_cast<utf8proc_ssize_t>(parts.size()),
                                             UTF8PROC_DECOMPOSE, &unused);
      for (std::size_t i = 0; i < static_cast<std::size_t>(std::max<utf8proc_ssize_t>(n, 0)); ++i)
        out += static_cast<char32_t>(parts[i]);
    }
    sort_marks(out);
    return out;
  }
  /// NFC: the same, put together again.
  [[nodiscard]] static std::u32string composed(std::u32string_view text) {
    if (std::ranges::all_of(text, [](char32_t c) { return c < 0x300; }))
      return std::u32string(text);  // no marks: all that could be composed is
    std::u32string const parts = decomposed(text);
    std::u32string out;
    out.reserve(parts.size());
    std::vector<utf8proc_int32_t> piece;
    auto const flush = [&] {
      auto const n = utf8proc_normalize_utf32(
          piece.data(), static_cast<utf8proc_ssize_t>(piece.size()),
          static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
      for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i)
        out += static_cast<char32_t>(piece[i]);
      piece.clear();
    };
    for (char32_t const c : parts) {
      if (!is_newer(c)) {
        piece.push_back(static_cast<utf8proc_int32_t>(c));
        continue;
      }
      if (!piece.empty()) flush();
      out += c;
    }
    if (!piece.empty()) flush();
    return out;
  }
  /// Each character's own lower case: no final sigma, no rules of a language.
  [[nodiscard]] static std::u32string lowercase(std::u32string_view text) {
    std::u32string out;
    out.reserve(text.size());
    for (char32_t const c : text) {
      if (c < 0x80) {
        out += c >= U'A' && c <= U'Z' ? c + (U'a' - U'A') : c;
      } else if (c == 0x130) {  // the one that becomes two: I with a dot
        out += U"i\u0307";
      } else {
        out += lower(c);
      }
    }
    return out;
  }

 private:
  /// Marks in the order of their classes; a stable sort, since a hostile text is all marks.
  static void sort_marks(std::u32string& text) {
    for (std::size_t i = 0; i < text.size();) {
      if (mark_class(text[i]) == 0) {
        ++i;
        continue;
      }
      std::size_t end = i;
      while (end < text.size() && mark_class(text[end]) != 0) ++end;
      if (end - i > 1)
        std::stable_sort(text.begin() + static_cast<std::ptrdiff_t>(i),
                         text.begin() + static_cast<std::ptrdiff_t>(end),
                         [](char32_t a, char32_t b) { return mark_class(a) < mark_class(b); });
      i = end;
    }
  }
  [[nodiscard]] static int mark_class(char32_t c) {
    if (c < 0x300 || is_newer(c)) return 0;
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->combining_class;
  }
  /// Pairs that came after utf8proc 2.8's Unicode 14.
  [[nodiscard]] static char32_t lower(char32_t c) {
    switch (c) {
      case 0x1c89:
      case 0xa7cc:
      case 0xa7ce:
      case 0xa7d2:
      case 0xa7d4:
      case 0xa7da:
        return c + 1;
      case 0xa7cb:
        return 0x264;
      case 0xa7dc:
        return 0x19b;
      default:
        break;
    }
    if (c >= 0x10d50 && c <= 0x10d65) return c + 0x20;
    if (c >= 0x16ea0 && c <= 0x16eb8) return c + 0x1b;
    return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
  }
};

}  // namespace vlpt::io
