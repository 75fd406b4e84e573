#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "vlpt/core/error.hpp"
#include "vlpt/io/decode_jpeg.hpp"
#include "vlpt/io/decode_png.hpp"
#include "vlpt/io/image.hpp"
#include "vlpt/io/read_file.hpp"

namespace vlpt::io {

/// Decodes a PNG or a JPEG, told apart by the first bytes, to 1 or 3 channels (grey or colour).
/// In three channels it is, byte for byte, Pillow's Image.open(f).convert("RGB"): alpha is dropped,
/// palettes are resolved, 16-bit colour keeps the upper byte, 16-bit grey is cut off at 255, inks
/// of print become colours; a rotation that a camera noted (EXIF) is not applied. Throws
/// InputError, naming `where`, for anything undecodable.
[[nodiscard]] inline Image decode_image(std::string_view bytes, std::string_view where) {
  Image image;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"))
    image = decode_png(bytes, where);
  else if (bytes.starts_with("\xff\xd8\xff"))
    image = decode_jpeg(bytes, where);
  else
    throw InputError(text(where, ": this is neither a PNG nor a JPEG image"));
  return convert(image, image.channels >= 3 ? 3 : 1);
}

/// The same for a file.
[[nodiscard]] inline Image load_image(std::filesystem::path const& path) {
  return decode_image(read_file(path), path.string());
}

}  // namespace vlpt::io
