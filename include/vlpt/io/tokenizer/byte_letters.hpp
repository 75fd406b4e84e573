#pragma once
#include <array>
#include <cstddef>
#include <string>

#include "vlpt/io/tokenizer/code_points.hpp"

namespace vlpt::io {

/// The character that stands for each byte in a byte-level vocabulary: itself where it prints, else
/// one of U+0100 onwards, in order (GPT-2).
[[nodiscard]] inline std::array<std::string, 256> const& byte_letters() {
  static auto const letters = [] {
    std::array<std::string, 256> all;
    char32_t next = 0x100;
    for (char32_t b = 0; b < 256; ++b) {
      bool const prints = (b > 0x20 && b < 0x7f) || (b > 0xa0 && b != 0xad);
      append_utf8(all[b], prints ? b : next++);
    }
    return all;
  }();
  return letters;
}

}  // namespace vlpt::io
