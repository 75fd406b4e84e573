#pragma once
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

#include "vlpt/core/error.hpp"

namespace vlpt::io {

/// Throws CheckpointError at the first NaN or infinity, naming the file, the tensor and the index.
template <class T>
void require_finite(std::span<T const> values, std::string_view tensor, std::string_view file) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i])) [[unlikely]]
      throw CheckpointError(text(file, ": tensor ", tensor, " holds ",
                                 std::isnan(values[i]) ? "nan" : "infinity", " at element ", i,
                                 " of ", values.size(), "; weights must be finite"));
}

}  // namespace vlpt::io
