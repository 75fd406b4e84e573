#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/core/error.hpp"

namespace vlpt {

/// Whether layers.3.norm1.weight lies below layers.norm1: numbers are not part of a path.
[[nodiscard]] inline bool lies_below(std::string_view name, std::string_view path) {
  std::string plain;
  while (!name.empty()) {
    auto const part = name.substr(0, name.find('.'));
    name.remove_prefix(std::min(name.size(), part.size() + 1));
    if (part.find_first_not_of("0123456789") == std::string_view::npos) continue;
    plain.append(plain.empty() ? "" : ".").append(part);
  }
  return plain.starts_with(path) && (plain.size() == path.size() || plain[path.size()] == '.');
}

/// A scope that names paths must name some that exist: a misspelt one would freeze in silence.
template <class Scope, class T>
void check_paths(std::vector<ParameterRecord<T>> const& all) {
  if constexpr (Scope::by_path)
    for (std::string_view const path : Scope::paths())
      VLPT_CHECK(std::any_of(all.begin(), all.end(),
                             [&](auto const& r) { return lies_below(r.name, path); }),
                 "learn::Paths names \"", path,
                 "\", but the model has no such part; its tensors have names like ",
                 all.front().name, " and ", all.back().name,
                 ", of which a path leaves out the layer's number");
}

}  // namespace vlpt
