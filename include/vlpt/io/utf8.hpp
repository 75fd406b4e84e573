#pragma once
#include <cstddef>
#include <string_view>

namespace vlpt::io {

/// Whether the bytes are UTF-8 (RFC 3629): no stray bytes, overlong forms, surrogates, nothing past
/// U+10FFFF.
[[nodiscard]] inline bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    auto const first = static_cast<unsigned char>(bytes.front());
    std::size_t const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || bytes.size() <= more) return false;
    for (std::size_t i = 1; i <= more; ++i)
      if ((static_cast<unsigned char>(bytes[i]) & 0xc0) != 0x80) return false;
    if (more > 1) {  // the second byte alone tells what is overlong, a surrogate or too large
      auto const second = static_cast<unsigned char>(bytes[1]);
      if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
          (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90))
        return false;
    }
    bytes.remove_prefix(more + 1);
  }
  return true;
}

}  // namespace vlpt::io
