#pragma once
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "vlpt/analysis/report/number.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::report {

/// One axis of a chart: the range of its values and ticks at round numbers, 1, 2 or 5 times a
/// power of ten apart.
struct Axis {
  double low = 0;
  double high = 1;
  double step = 1;

  /// About `wanted` ticks for values in [low, high]; a range of no width is widened.
  /// whole: ticks at whole numbers only (epochs, steps).
  [[nodiscard]] static Axis over(double low, double high, int wanted, bool whole = false) {
    double const size = std::max(std::abs(low), std::abs(high));
    if (high - low <= 1e-9 * size || high == low) {
      double const pad = whole ? 0.5 : size > 0 ? 0.1 * size : 1;
      low -= pad, high += pad;
    }
    double const rough = (high - low) / wanted;
    double const power = std::pow(10, std::floor(std::log10(rough)));
    double const lead = rough / power;
    double const step = power * (lead <= 1.001 ? 1 : lead <= 2.001 ? 2 : lead <= 5.001 ? 5 : 10);
    return {low, high, whole ? std::max(1.0, step) : step};
  }
  /// The same, widened to begin and end at a tick.
  [[nodiscard]] Axis rounded() const {
    return {std::floor(low / step + 1e-6) * step, std::ceil(high / step - 1e-6) * step, step};
  }
  [[nodiscard]] std::vector<double> ticks() const {
    std::vector<double> out;
    for (double i = std::ceil(low / step - 1e-6); i <= high / step + 1e-6 && out.size() < 100; ++i)
      out.push_back(i * step);
    return out;
  }
  /// Where a value lies between the ends, 0 to 1.
  [[nodiscard]] double position(double value) const { return (value - low) / (high - low); }

  /// A tick as text: as many digits as the step needs, in one unit (k, M, ...) for all ticks.
  [[nodiscard]] std::string label(double tick) const {
    if (std::abs(tick) < 1e-6 * step) return "0";
    double const size = std::max(std::abs(low), std::abs(high));
    if (step < 1e-4 || size > 1e17) {
      std::array<char, 64> text{};
      auto const end = std::to_chars(text.data(), text.data() + text.size(), tick,
                                     std::chars_format::scientific, 1);
      return {text.data(), end.ptr};
    }
    std::size_t unit = 0;
    double one = 1;
    for (double s = size; s >= 10000 || (unit > 0 && s >= 1000); s /= 1000) ++unit, one *= 1000;
    int const digits = static_cast<int>(std::max(0.0, -std::floor(std::log10(step / one) + 1e-9)));
    return fixed(tick / one, digits) + std::string(thousands[unit]);
  }
};

}  // namespace vlpt::report
