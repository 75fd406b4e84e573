#pragma once
#include <vector>

namespace growth {

/// One quantity along one axis, sizes ascending.
struct Line {
  std::vector<double> size, value;

  /// The last n points.
  [[nodiscard]] Line last(std::size_t n) const;
  /// The larger half of the sizes, one more than half of an odd number.
  [[nodiscard]] Line upper_half() const { return last((size.size() + 1) / 2); }
  /// What values have more than that of the first size, without the first.
  [[nodiscard]] Line over_first() const;
};

/// The slope of log value over log size by least squares, of the points where both are above 0;
/// NaN with fewer than two.
[[nodiscard]] double exponent(Line const&);

}  // namespace growth
