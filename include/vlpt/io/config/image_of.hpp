#pragma once
#include <string>

#include "vlpt/io/config/image_sizes.hpp"
#include "vlpt/io/interpolate_positions.hpp"
#include "vlpt/io/naming/look_up.hpp"

namespace vlpt::io {

/// The size of the square image that a file's tables of positions (class row included) and of
/// patches (dim, channels, patch, patch) are of, by their canonical names. Throws CheckpointError
/// where they are of none, or of one past what a config may say.
[[nodiscard]] inline Index image_of(Checkpoint const& checkpoint, Naming const& naming,
                                    std::string const& positions, std::string const& patches) {
  auto const shape = [&](std::string const& canonical) {
    auto const* const record = find_canonical(checkpoint, naming, canonical);
    return record == nullptr ? Shape{} : record->shape;
  };
  Shape const rows = shape(positions), p = shape(patches);
  bool const square = p.rank == 4 && p.size() > 0 && p[2] == p[3];
  Index const side = square ? square_side(rows.size() / p[0]) : 0;
  if (side == 0)
    throw CheckpointError(text(checkpoint.path().string(), ": positions ", rows, " and patches ", p,
                               " are of no square image with a class row"));
  if (side > max_patches / side || p[2] > static_cast<Index>(max_image_size) / side)
    throw CheckpointError(text(checkpoint.path().string(), ": positions ", rows, " and patches ", p,
                               " are of an image of more than ", max_patches, " patches or ",
                               max_image_size, " pixels a side"));
  return side * p[2];
}

}  // namespace vlpt::io
