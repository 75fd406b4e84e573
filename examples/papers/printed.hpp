#pragma once
#include <string_view>

#include "vlpt/core/index.hpp"

namespace papers {

/// A figure as it stands in print: "13.05 G", "-11.97 %", "159 745". Empty: nobody printed it.
struct Printed {
  std::string_view text;

  [[nodiscard]] constexpr bool given() const { return !text.empty(); }
  /// The digits without their point: 1305.
  [[nodiscard]] constexpr vlpt::Index digits() const {
    vlpt::Index n = 0;
    for (char c : text)
      if (c >= '0' && c <= '9') n = 10 * n + (c - '0');
    return text.front() == '-' ? -n : n;
  }
  /// What one of its last digit is worth: 0.01 G.
  [[nodiscard]] constexpr double step() const {
    double step = text.back() == 'G' ? 1e9 : text.back() == 'M' ? 1e6 : 1;
    bool behind = false;
    for (char c : text) {
      if (behind && c >= '0' && c <= '9') step /= 10;
      behind = behind || c == '.';
    }
    return step;
  }
  [[nodiscard]] constexpr double value() const { return static_cast<double>(digits()) * step(); }
};

/// Whether a number, rounded to the digits that are printed, is the one that is printed.
[[nodiscard]] constexpr bool prints(double number, Printed const& as) {
  double const shifted = number / as.step() + (number < 0 ? -0.5 : 0.5);
  return static_cast<vlpt::Index>(shifted) == as.digits();
}
[[nodiscard]] constexpr bool prints(vlpt::Index number, Printed const& as) {
  return prints(static_cast<double>(number), as);
}
/// Whether it is with further digits left out.
[[nodiscard]] constexpr bool truncates(vlpt::Index number, Printed const& as) {
  return static_cast<vlpt::Index>(static_cast<double>(number) / as.step()) == as.digits();
}

/// What b is less than a, in percent of a and below zero.
[[nodiscard]] constexpr double saving(double a, double b) { return 100 * (b - a) / a; }
[[nodiscard]] constexpr double saving(vlpt::Index a, vlpt::Index b) {
  return saving(static_cast<double>(a), static_cast<double>(b));
}

}  // namespace papers
