#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace vlpt::io {

/// Text as code points. What is no UTF-8 becomes U+FFFD, one for each longest piece that could have
/// begun a character, as Python's errors="replace" and browsers do it.
[[nodiscard]] inline std::u32string code_points(std::string_view bytes) {
  constexpr char32_t replacement = 0xfffd;
  std::u32string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    char32_t const first = static_cast<unsigned char>(bytes[i++]);
    if (first < 0x80) {
      out += first;
      continue;
    }
    if (first < 0xc2 || first > 0xf4) {
      out += replacement;
      continue;
    }
    int const more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    // The second byte alone tells what is overlong, a surrogate or too large.
    char32_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    char32_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    char32_t c = first & (0x3fU >> more);
    for (int k = 0; k < more; ++k, ++i) {
      char32_t const next = i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
      if (next < low || next > high) {
        c = replacement;
        break;
      }
      c = (c << 6) | (next & 0x3f);
      low = 0x80, high = 0xbf;
    }
    out += c;
  }
  return out;
}

/// Appends a code point as UTF-8.
inline void append_utf8(std::string& out, char32_t c) {
  auto const add = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    add(c);
  } else if (c < 0x800) {
    add(0xc0 | (c >> 6));
    add(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    add(0xe0 | (c >> 12));
    add(0x80 | ((c >> 6) & 0x3f));
    add(0x80 | (c & 0x3f));
  } else {
    add(0xf0 | (c >> 18));
    add(0x80 | ((c >> 12) & 0x3f));
    add(0x80 | ((c >> 6) & 0x3f));
    add(0x80 | (c & 0x3f));
  }
}
[[nodiscard]] inline std::string as_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char32_t const c : text) append_utf8(out, c);
  return out;
}

}  // namespace vlpt::io
