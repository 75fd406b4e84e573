#pragma once
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

}  // namespace vlpt
