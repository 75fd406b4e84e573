#pragma once
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "vlpt/core/real.hpp"

namespace vlpt::io {

/// The element types that a safetensors file may hold here.
enum class Dtype { F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL };

struct DtypeFacts {
  std::string_view name;
  std::size_t size;
  bool floating;
};
inline constexpr std::array<DtypeFacts, 10> dtype_facts{{{"F64", 8, true},
                                                         {"F32", 4, true},
                                                         {"F16", 2, true},
                                                         {"BF16", 2, true},
                                                         {"I64", 8, false},
                                                         {"I32", 4, false},
                                                         {"I16", 2, false},
                                                         {"I8", 1, false},
                                                         {"U8", 1, false},
                                                         {"BOOL", 1, false}}};

[[nodiscard]] constexpr DtypeFacts const& facts(Dtype d) {
  return dtype_facts[static_cast<std::size_t>(d)];
}
[[nodiscard]] constexpr std::string_view name(Dtype d) { return facts(d).name; }
[[nodiscard]] constexpr std::size_t size(Dtype d) { return facts(d).size; }
[[nodiscard]] constexpr std::optional<Dtype> dtype_named(std::string_view name) {
  for (std::size_t i = 0; i < dtype_facts.size(); ++i)
    if (dtype_facts[i].name == name) return static_cast<Dtype>(i);
  return std::nullopt;
}

/// The dtype of a type's values: float, double or bf16.
template <Real T>
inline constexpr Dtype dtype_of = std::same_as<T, float>  ? Dtype::F32
                                  : std::same_as<T, bf16> ? Dtype::BF16
                                                          : Dtype::F64;

/// IEEE binary16 bits to float; exact.
[[nodiscard]] constexpr float half_to_float(std::uint16_t h) {
  std::uint32_t const sign = (h & 0x8000U) << 16;
  std::uint32_t const magnitude = h & 0x7FFFU;
  if (magnitude < 0x0400U) {  // zero or subnormal: a multiple of 2^-24
    float const f = static_cast<float>(magnitude) * 0x1p-24F;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(f) | sign);
  }
  std::uint32_t const exponent = magnitude >= 0x7C00U ? 0x7F800000U - (0x7C00U << 13) : 112U << 23;
  return std::bit_cast<float>(sign | ((magnitude << 13) + exponent));
}

/// Float to IEEE binary16 bits, to nearest, ties to even; too large becomes infinity.
[[nodiscard]] constexpr std::uint16_t float_to_half(float f) {
  std::uint32_t const bits = std::bit_cast<std::uint32_t>(f);
  std::uint32_t const sign = (bits >> 16) & 0x8000U;
  std::uint32_t const magnitude = bits & 0x7FFFFFFFU;
  std::uint32_t half = 0;
  if (magnitude > 0x7F800000U) {
    half = 0x7E00U;  // NaN
  } else if (magnitude >= 0x477FF000U) {
    half = 0x7C00U;  // 65520 and above
  } else if (magnitude >= 0x38800000U) {
    half = (magnitude - (112U << 23) + 0x0FFFU + ((magnitude >> 13) & 1U)) >> 13;
  } else {  // subnormal: adding 0.5 lets the float unit round at 2^-24
    float const rounded = std::bit_cast<float>(magnitude) + 0.5F;
    half = std::bit_cast<std::uint32_t>(rounded) - std::bit_cast<std::uint32_t>(0.5F);
  }
  return static_cast<std::uint16_t>(sign | half);
}

/// bfloat16 bits to float; exact.
[[nodiscard]] constexpr float bfloat16_to_float(std::uint16_t b) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(b) << 16);
}

/// Float to bfloat16 bits, to nearest, ties to even.
[[nodiscard]] constexpr std::uint16_t float_to_bfloat16(float f) {
  std::uint32_t const bits = std::bit_cast<std::uint32_t>(f);
  if ((bits & 0x7FFFFFFFU) > 0x7F800000U)
    return static_cast<std::uint16_t>((bits >> 16) | 0x40U);  // stays a NaN
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

}  // namespace vlpt::io
