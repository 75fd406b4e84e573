#pragma once
#include <algorithm>

#include "vlpt/autodiff/parameters.hpp"

namespace vlpt {

/// Draws a tensor from its law; its values depend on the random's seed and its own name alone.
template <class T>
void draw(ParameterRecord<T> const& r, Random const& random) {
  std::uint64_t id = 14695981039346656037ULL;  // FNV-1a
  for (char ch : r.name) id = (id ^ static_cast<unsigned char>(ch)) * 1099511628211ULL;
  Random const own = random.fork(id);
  for (Index i = 0; i < r.shape.size(); ++i)
    r.values.data[i] = static_cast<T>(r.init.value(r.shape, own, i));
}

/// Clamps a tensor to the range of its law (Init::within).
template <class T>
void keep_range(ParameterRecord<T> const& r) {
  for (Index i = 0; i < r.shape.size(); ++i)
    r.values.data[i] =
        std::clamp(r.values.data[i], static_cast<T>(r.init.low), static_cast<T>(r.init.high));
}

}  // namespace vlpt
