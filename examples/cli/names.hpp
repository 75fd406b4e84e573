#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/edit_distance.hpp"

namespace vlpt::cli {

/// "a, b, c"
[[nodiscard]] inline std::string listed(std::vector<std::string> const& names,
                                        std::string_view between = ", ") {
  std::string out;
  for (std::string const& name : names) out.append(out.empty() ? "" : between).append(name);
  return out;
}

/// "; did you mean deep?", or nothing where no name is near.
[[nodiscard]] inline std::string did_you_mean(std::string_view name,
                                              std::vector<std::string> const& all) {
  auto const near = io::near_names(name, all);
  return near.empty() ? "" : "; did you mean " + listed(near, " or ") + "?";
}

/// Throws InputError unless `name` is one of `all`, with what was probably meant.
inline void require_known(std::string_view what, std::string const& name,
                          std::vector<std::string> const& all) {
  for (std::string const& known : all)
    if (name == known) return;
  throw InputError(text("there is no ", what, " \"", name, '"', did_you_mean(name, all), " (", what,
                        " names: ", listed(all), ')'));
}

}  // namespace vlpt::cli
