#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "vlpt/autodiff/parameters.hpp"

namespace vlpt {

/// A tensor's values from its law; they depend on the random's seed and its own name alone.
template <class T>
[[nodiscard]] std::vector<T> drawn(ParameterRecord<T> const& r, Random const& random) {
  std::uint64_t id = 14695981039346656037ULL;  // FNV-1a
  for (char ch : r.name) id = (id ^ static_cast<unsigned char>(ch)) * 1099511628211ULL;
  Random const own = random.fork(id);
  std::vector<T> values(static_cast<std::size_t>(r.shape.size()));
  for (Index i = 0; i < r.shape.size(); ++i)
    values[static_cast<std::size_t>(i)] = static_cast<T>(r.init.value(r.shape, own, i));
  return values;
}

/// Clamps a tensor's values to the range of its law (Init::within).
template <class T>
void keep_range(Init const& init, std::span<T> values) {
  for (T& v : values) v = std::clamp(v, static_cast<T>(init.low), static_cast<T>(init.high));
}

}  // namespace vlpt
