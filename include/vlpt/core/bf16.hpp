#pragma once
#include <bit>
#include <concepts>
#include <cstdint>

namespace vlpt {

/// The upper half of a float: 8 bits of exponent, 7 of mantissa. For storage: it is read as a
/// float, which loses nothing, and says where it rounds.
struct bf16 {
  std::uint16_t bits = 0;

  constexpr bf16() = default;
  /// The nearest one, ties to even; NaN stays NaN.
  constexpr explicit bf16(float x) {
    auto const u = std::bit_cast<std::uint32_t>(x);
    bool const nan = (u & 0x7fffffffU) > 0x7f800000U;
    bits = static_cast<std::uint16_t>(nan ? (u >> 16) | 0x40U
                                          : (u + 0x7fffU + ((u >> 16) & 1U)) >> 16);
  }
  template <class U>
  requires std::integral<U> || std::same_as<U, double>
  constexpr explicit bf16(U x) : bf16(static_cast<float>(x)) {}
  constexpr operator float() const {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
  }
};

}  // namespace vlpt
