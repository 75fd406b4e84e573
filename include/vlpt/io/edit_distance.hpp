#pragma once
#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vlpt::io {

/// How many characters must be added, removed or changed to make one string the other.
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t const changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

/// The (at most two) names nearest to `name`; none that differs in more than a third of it.
[[nodiscard]] inline std::vector<std::string> near_names(std::string_view name,
                                                         std::vector<std::string> const& all) {
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (std::string const& other : all)
    if (std::size_t const d = edit_distance(name, other); d <= name.size() / 3 + 1)
      ranked.emplace_back(d, other);
  std::ranges::sort(ranked);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min<std::size_t>(ranked.size(), 2); ++i)
    out.push_back(ranked[i].second);
  return out;
}

}  // namespace vlpt::io
