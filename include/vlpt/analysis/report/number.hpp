#pragma once
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "vlpt/core/index.hpp"

// Numbers as a reader likes them. to_chars, so that no locale turns a point into a comma.

namespace vlpt::report {

/// "0.25", "n/a" for what is no finite number.
[[nodiscard]] inline std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) return "n/a";
  std::array<char, 400> text{};
  auto const end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, digits);
  std::string out(text.data(), end.ptr);
  // "-0.0" helps nobody.
  return out.find_first_not_of("-0.") == std::string::npos && out[0] == '-' ? out.substr(1) : out;
}

/// "1,234,567"
[[nodiscard]] inline std::string grouped(Index value) {
  std::string out = std::to_string(value);
  for (auto i = static_cast<Index>(out.size()) - 3; i > (value < 0 ? 1 : 0); i -= 3)
    out.insert(static_cast<std::size_t>(i), ",");
  return out;
}

/// The units of 1, 1000, 1000^2, ...
inline constexpr std::array<std::string_view, 6> thousands{"", " k", " M", " G", " T", " P"};

/// Three digits and a unit: "17.6 G", "92.2 k", "12".
[[nodiscard]] inline std::string scaled(double value) {
  std::size_t u = 0;
  while (std::abs(value) >= 999.5 && u + 1 < thousands.size()) value /= 1000, ++u;
  int const digits = u == 0 && value == std::floor(value) ? 0
                     : std::abs(value) < 9.995            ? 2
                     : std::abs(value) < 99.95            ? 1
                                                          : 0;
  return fixed(value, digits) + std::string(thousands[u]);
}

/// "850 µs", "12.5 ms", "3.20 s"
[[nodiscard]] inline std::string duration(double seconds) {
  if (!(std::abs(seconds) < 0.9995))
    return fixed(seconds, std::abs(seconds) < 99.95 ? 2 : 0) + (std::isfinite(seconds) ? " s" : "");
  if (seconds == 0) return "0 s";
  bool const milli = std::abs(seconds) >= 0.9995e-3;
  double const part = seconds * (milli ? 1e3 : 1e6);
  return fixed(part, std::abs(part) < 99.95 ? 1 : 0) + (milli ? " ms" : " µs");
}

/// 0.8412 as "84.1".
[[nodiscard]] inline std::string percent(double share, int digits = 1) {
  return fixed(100 * share, digits);
}

}  // namespace vlpt::report
