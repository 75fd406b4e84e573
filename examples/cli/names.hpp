#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/edit_distance.hpp"
#include "vlpt/io/utf8.hpp"

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

/// Throws InputError, naming `where`, unless there are classes and each has a name of its own.
inline void require_class_names(std::vector<std::string> const& names, std::string const& where) {
  VLPT_CHECK(!names.empty(), where, " names no classes");
  std::map<std::string_view, std::size_t> lines;
  for (std::size_t i = 0; i < names.size(); ++i) {
    VLPT_CHECK(!names[i].empty(), where, ", line ", i + 1, ": a class has an empty name");
    VLPT_CHECK(io::is_utf8(names[i]), where, ", line ", i + 1, ": the name is not UTF-8");
    auto const [first, fresh] = lines.emplace(names[i], i + 1);
    VLPT_CHECK(fresh, where, ", lines ", first->second, " and ", i + 1,
               ": two classes are named \"", names[i], '"');
  }
}

}  // namespace vlpt::cli
