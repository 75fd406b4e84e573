#pragma once
#include <array>
#include <limits>
#include <string>
#include <vector>

#include "vlpt/analysis/convention.hpp"

namespace vlpt {

/// A model in a table of costs.
struct CostRow {
  std::string name;
  Cost cost;                                                  // exact
  std::array<Index, convention::all.size()> macs;             // under each convention
  double seconds = std::numeric_limits<double>::quiet_NaN();  // of one inference, where measured
};

/// Models side by side, under every convention: the distance between `naive` and `exact` is what
/// vlpt saves. The first row is what the others are compared with.
/// Written by to_markdown(), to_csv(), to_json() and to_html().
struct CostTable {
  std::string title;
  std::string note{};
  std::vector<CostRow> rows{};

  [[nodiscard]] bool timed() const {
    for (CostRow const& row : rows)
      if (row.seconds == row.seconds) return true;
    return false;
  }
  /// What a row has more than the first, in percent of it.
  [[nodiscard]] double change(CostRow const& row, std::size_t convention) const {
    auto const first = static_cast<double>(rows.front().macs[convention]);
    return first == 0 ? 0 : 100 * (static_cast<double>(row.macs[convention]) - first) / first;
  }
};

}  // namespace vlpt
