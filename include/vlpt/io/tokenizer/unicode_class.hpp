#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "vlpt/io/tokenizer/unicode_ranges.hpp"

namespace vlpt::io {

/// A set of code points as its edges: first inside, first outside, first inside, ...
template <std::size_t N>
class UnicodeClass {
 public:
  constexpr explicit UnicodeClass(std::uint32_t const (&steps)[N]) : edges_{}, low_{} {
    std::uint32_t edge = 0;
    for (std::size_t i = 0; i < N; ++i) edges_[i] = edge += steps[i];
    for (std::size_t i = 0; i < low_.size(); ++i) low_[i] = search(static_cast<char32_t>(i));
  }
  [[nodiscard]] constexpr bool operator()(char32_t c) const {
    return c < low_.size() ? low_[c] : search(c);
  }

 private:
  [[nodiscard]] constexpr bool search(char32_t c) const {
    return (std::upper_bound(edges_.begin(), edges_.end(), c) - edges_.begin()) % 2 == 1;
  }
  std::array<std::uint32_t, N> edges_;
  std::array<bool, 128> low_;  // most text is here
};

inline constexpr UnicodeClass is_letter{unicode_ranges::letters};
inline constexpr UnicodeClass is_number{unicode_ranges::numbers};
inline constexpr UnicodeClass is_space{unicode_ranges::spaces};
inline constexpr UnicodeClass is_dropped{unicode_ranges::dropped};
inline constexpr UnicodeClass is_punctuation{unicode_ranges::punctuation};
inline constexpr UnicodeClass is_mark{unicode_ranges::marks};
inline constexpr UnicodeClass is_newer{unicode_ranges::newer};

/// The ideographs that BERT takes for words of their own (not those of later extensions).
[[nodiscard]] constexpr bool is_chinese(char32_t c) {
  return (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) ||
         (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x2a6df) ||
         (c >= 0x2a700 && c <= 0x2b81f) || (c >= 0x2b920 && c <= 0x2ceaf) ||
         (c >= 0x2f800 && c <= 0x2fa1f);
}

}  // namespace vlpt::io
