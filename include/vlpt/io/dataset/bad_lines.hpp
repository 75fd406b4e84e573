#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::io {

/// What becomes of a table's line that cannot be used: an error, or it is left out and remembered.
/// To know which pictures are broken, `skip` decodes each of them once when the table is opened.
enum class BadLines { refuse, skip };

/// A line that was left out, and why.
struct SkippedLine {
  int line = 0;
  std::string reason;
};

/// A few words on what was left out of a table: how many lines, and the first ones with their
/// reason. Empty where nothing was.
[[nodiscard]] inline std::string summary(std::vector<SkippedLine> const& skipped, Index used,
                                         std::size_t most = 5) {
  if (skipped.empty()) return "";
  std::string out = text(skipped.size(), " of ", static_cast<std::size_t>(used) + skipped.size(),
                         " lines were skipped:");
  for (std::size_t i = 0; i < std::min(most, skipped.size()); ++i)
    out += text("\n  line ", skipped[i].line, ": ", skipped[i].reason);
  if (skipped.size() > most) out += text("\n  and ", skipped.size() - most, " more");
  return out;
}

}  // namespace vlpt::io
