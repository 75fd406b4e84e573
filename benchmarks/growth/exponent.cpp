#include "exponent.hpp"

#include <cmath>
#include <limits>

namespace growth {

Line Line::last(std::size_t n) const {
  auto const from = [n](std::vector<double> const& v) {
    return std::vector<double>(v.end() - static_cast<std::ptrdiff_t>(n), v.end());
  };
  return {from(size), from(value)};
}

Line Line::over_first() const {
  Line out = last(size.empty() ? 0 : size.size() - 1);
  for (double& v : out.value) v -= value.front();
  return out;
}

double exponent(Line const& line) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < line.size.size(); ++i) {
    if (!(line.size[i] > 0 && line.value[i] > 0)) continue;
    double const a = std::log(line.size[i]), b = std::log(line.value[i]);
    n += 1, x += a, y += b, xx += a * a, xy += a * b;
  }
  double const spread = n * xx - x * x;
  return n >= 2 && spread > 0 ? (n * xy - x * y) / spread
                              : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace growth
