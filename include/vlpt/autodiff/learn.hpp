#pragma once
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "vlpt/core/name.hpp"

namespace vlpt::learn {

// The learning scope: which parameters learn besides those that a policy or a head marks as
// Trainable. A scope answers for the path of a stage, such as "layers.norm1" (layers share a path).

/// Only what is marked: the policy and the head. The default.
struct Policy {
  static constexpr bool marked = true;
  static constexpr bool input = false;
  static constexpr bool by_path = false;
  static constexpr bool matches(std::string_view) { return false; }
};

/// Every parameter: full tuning, pretraining.
struct All {
  static constexpr bool marked = true;
  static constexpr bool input = false;
  static constexpr bool by_path = false;
  static constexpr bool matches(std::string_view) { return true; }
};

/// What is marked, and every stage whose path is, or lies below, one of these:
/// Paths<"norm", "layers.norm1">. A Net throws InputError for a path that its model lacks.
template <Name... P>
struct Paths {
  static constexpr bool marked = true;
  static constexpr bool input = false;
  static constexpr bool by_path = true;
  static constexpr bool matches(std::string_view path) {
    return ((path.starts_with(P.view()) &&
             (path.size() == P.view().size() || path[P.view().size()] == '.')) ||
            ...);
  }
  static constexpr auto paths() { return std::array{P.view()...}; }
};

/// As Scope, and the gradient of the model's input as well.
template <class Scope>
struct Input : Scope {
  static constexpr bool input = true;
};

/// Nothing at all: how a const Net runs.
struct Nothing {
  static constexpr bool marked = false;
  static constexpr bool input = false;
  static constexpr bool by_path = false;
  static constexpr bool matches(std::string_view) { return false; }
};

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

}  // namespace vlpt::learn
