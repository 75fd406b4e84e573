#pragma once
#include <filesystem>
#include <vector>

#include "vlpt/analysis/report/report.hpp"

namespace growth {

/// Charts as one SVG file, two beside each other, for light and dark pages.
void draw(std::filesystem::path const& path, std::vector<vlpt::report::Chart> const& charts);

}  // namespace growth
