#pragma once
#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "vlpt/core/random.hpp"

namespace vlpt {

/// What gradcheck found: for every tensor, the slope along one random direction by differences
/// (expected) and by backward (found). Printing it says which reverse is wrong.
struct GradReport {
  struct Line {
    std::string name;
    double expected = 0, found = 0, error = 0;  // error is relative
  };
  std::vector<Line> lines;

  [[nodiscard]] std::size_t count() const { return lines.size(); }
  [[nodiscard]] Line const& worst() const {
    return *std::max_element(lines.begin(), lines.end(), [](Line const& a, Line const& b) {
      return a.error < b.error || (std::isnan(b.error) && !std::isnan(a.error));
    });
  }
  [[nodiscard]] bool ok(double tolerance = 1e-7) const {
    return !lines.empty() && worst().error <= tolerance;
  }
  friend std::ostream& operator<<(std::ostream& out, GradReport const& r) {
    auto const flags = out.flags();
    for (Line const& l : r.lines)
      out << std::left << std::setw(40) << l.name << std::right << std::scientific
          << std::setprecision(9) << std::setw(18) << l.expected << std::setw(18) << l.found
          << std::setprecision(1) << std::setw(10) << l.error << '\n';
    if (!r.lines.empty())
      out << "worst of " << r.count() << ": " << std::scientific << std::setprecision(1)
          << r.worst().error << " (" << r.worst().name << ")\n";
    out.flags(flags);
    return out;
  }

  /// Moves x along a random direction and compares the slope of value() with `gradient`; x is left
  /// as it was. Slopes far below the gradient's norm or the value count as absolute errors.
  template <class Value>
  void compare(std::string name, std::span<double> x, std::span<double const> gradient,
               Random random, double step, Value const& value) {
    std::vector<double> const base(x.begin(), x.end());
    auto const at = [&](double t) {
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = base[i] + t * random.normal(i);
      return value();
    };
    double const slope =
        (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
    double const size = std::abs(at(0));
    double found = 0, norm = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      found += gradient[i] * random.normal(i);
      norm += gradient[i] * gradient[i];
    }
    double const scale = std::max({std::abs(slope), std::sqrt(norm), 1e-3 * std::max(1.0, size)});
    lines.push_back({std::move(name), slope, found, std::abs(slope - found) / scale});
  }
};

}  // namespace vlpt
