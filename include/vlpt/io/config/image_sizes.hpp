#pragma once
#include <cstdint>

#include "vlpt/io/field_reader.hpp"

namespace vlpt::io {

// Far past any model, but a slip of the keyboard must not ask for terabytes, and the cost of one
// image must be a number that an Index holds.
inline constexpr std::uint64_t max_width = 65'536, max_layers = 512, max_channels = 1024;
inline constexpr Index max_patches = 65'536;

/// Throws unless patches of this size fill the image, and are not too many.
inline void check_image_sizes(FieldReader const& field, Index image, Index patch) {
  if (image % patch != 0) field.fail("patch_size", text("a divisor of image_size ", image));
  if (Index const side = image / patch; side * side > max_patches)
    field.fail("patch_size",
               text("so large that image_size ", image, " has at most ", max_patches, " patches"));
}

/// "image_size", "patch_size" and "num_channels" of Hugging Face's models of vision.
inline void read_image_sizes(FieldReader const& field, Index& image, Index& patch,
                             Index& channels) {
  field.count("image_size", image, max_image_size);
  field.count("patch_size", patch);
  field.count("num_channels", channels, max_channels);
  check_image_sizes(field, image, patch);
}

}  // namespace vlpt::io
