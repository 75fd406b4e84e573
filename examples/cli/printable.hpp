#pragma once
#include <string>
#include <string_view>

#include "vlpt/io/utf8.hpp"

namespace vlpt::cli {

/// Text that may come from anywhere, safe to show: what could steer a terminal or disguise a line
/// (control characters, line breaks, marks that turn the direction of writing, bytes that are no
/// UTF-8) is spelled \xNN, byte by byte.
[[nodiscard]] inline std::string printable(std::string_view words) {
  auto const steers = [](std::string_view c) {
    if (c.size() == 1) return c < " " || c == "\x7f";
    if (c.size() == 2) return c <= "\u009f";
    return (c >= "\u2028" && c <= "\u202e") || (c >= "\u2066" && c <= "\u2069");
  };
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  while (!words.empty()) {
    std::size_t size = 1;
    while (size < 4 && !io::is_utf8(words.substr(0, size))) ++size;
    bool const valid = io::is_utf8(words.substr(0, size));
    std::string_view const c = words.substr(0, valid ? size : 1);
    if (valid && !steers(c)) {
      out += c;
    } else {
      for (char const byte : c) {
        auto const b = static_cast<unsigned char>(byte);
        out.append("\\x").append({digits[b >> 4], digits[b & 15]});
      }
    }
    words.remove_prefix(c.size());
  }
  return out;
}

}  // namespace vlpt::cli
