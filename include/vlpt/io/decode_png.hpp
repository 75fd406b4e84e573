#pragma once
#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "vlpt/core/error.hpp"
#include "vlpt/io/image.hpp"
#include "vlpt/io/stb_image.hpp"

namespace vlpt::io {

/// Walks the chunks of a PNG and checks their sums, which stb_image does not.
inline void check_png(std::string_view bytes, std::string_view where) {
  auto const number = [](std::string_view b) {
    std::uint32_t n = 0;
    for (int i = 0; i < 4; ++i)
      n = (n << 8) | static_cast<std::uint8_t>(b[static_cast<std::size_t>(i)]);
    return n;
  };
  for (bytes.remove_prefix(8);;) {
    if (bytes.size() < 12) throw InputError(text(where, ": the PNG is truncated"));
    std::size_t const length = number(bytes);
    if (length > bytes.size() - 12) throw InputError(text(where, ": the PNG is truncated"));
    std::string_view const chunk = bytes.substr(4, 4 + length);
    auto const* const data = static_cast<Bytef const*>(static_cast<void const*>(chunk.data()));
    if (::crc32_z(0, data, chunk.size()) != number(bytes.substr(8 + length)))
      throw InputError(text(where, ": the PNG is damaged (wrong checksum)"));
    if (chunk.starts_with("IEND")) return;
    bytes.remove_prefix(12 + length);
  }
}

/// Decodes a PNG to the 1 to 4 channels that it has, 8 bits each. InputError names `where`.
[[nodiscard]] inline Image decode_png(std::string_view bytes, std::string_view where) {
  check_png(bytes, where);
  VLPT_CHECK(bytes.size() < (std::size_t{1} << 31), where, ": the PNG is larger than 2 GB");
  auto const* const data = static_cast<stbi_uc const*>(static_cast<void const*>(bytes.data()));
  int const size = static_cast<int>(bytes.size());
  int width = 0, height = 0, channels = 0;
  if (stbi_info_from_memory(data, size, &width, &height, &channels) == 0)
    throw InputError(text(where, ": the PNG cannot be decoded (", stbi_failure_reason(), ")"));
  VLPT_CHECK(Index{width} * height <= max_pixels, where, ": ", width, " x ", height,
             " pixels are more than the limit of ", max_pixels);
  std::unique_ptr<stbi_uc, void (*)(void*)> const pixels(
      stbi_load_from_memory(data, size, &width, &height, &channels, 0), stbi_image_free);
  if (!pixels)
    throw InputError(text(where, ": the PNG cannot be decoded (", stbi_failure_reason(), ")"));
  Image out;
  out.resize(width, height, channels);
  std::copy_n(pixels.get(), out.pixels.size(), out.pixels.begin());
  return out;
}

}  // namespace vlpt::io
