#pragma once
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::report {

inline constexpr std::uint8_t png_signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

/// Whether the bytes begin as a PNG file does.
[[nodiscard]] inline bool is_png(std::span<std::uint8_t const> bytes) {
  return bytes.size() > 8 && std::equal(png_signature, png_signature + 8, bytes.begin());
}

/// The bytes of a PNG file (ISO/IEC 15948): 8 bits a channel, no filter, no interlacing.
/// pixels (height, width, channels), row-major; channels 1 (grey) or 3 (RGB).
[[nodiscard]] inline std::vector<std::uint8_t> encode_png(std::span<std::uint8_t const> pixels,
                                                          Index width, Index height,
                                                          Index channels = 1) {
  VLPT_CHECK(channels == 1 || channels == 3, "a PNG has 1 or 3 channels here, got ", channels);
  VLPT_CHECK(width > 0 && height > 0 && width <= 65535 && height <= 65535, "a picture of ", width,
             " x ", height, " pixels; each side must be 1 to 65535");
  Index const line = width * channels;
  VLPT_CHECK(static_cast<Index>(pixels.size()) == line * height, "a picture of ", width, " x ",
             height, " x ", channels, " needs ", line * height, " bytes, got ", pixels.size());

  std::vector<std::uint8_t> raw;  // every line begins with its filter: 0, none
  raw.reserve(static_cast<std::size_t>((line + 1) * height));
  for (Index y = 0; y < height; ++y) {
    raw.push_back(0);
    raw.insert(raw.end(), pixels.begin() + y * line, pixels.begin() + (y + 1) * line);
  }
  auto size = compressBound(static_cast<uLong>(raw.size()));
  std::vector<std::uint8_t> packed(size);
  if (compress2(packed.data(), &size, raw.data(), static_cast<uLong>(raw.size()), 9) != Z_OK)
    throw RunError("a picture could not be compressed: out of memory");
  packed.resize(size);

  std::vector<std::uint8_t> out(png_signature, png_signature + 8);
  auto number = [&](std::size_t n) {
    for (int shift : {24, 16, 8, 0}) out.push_back(static_cast<std::uint8_t>(n >> shift));
  };
  auto chunk = [&](std::string_view type, std::span<std::uint8_t const> data) {
    number(data.size());
    auto const begin = out.size();
    out.insert(out.end(), type.begin(), type.end());
    out.insert(out.end(), data.begin(), data.end());
    number(crc32(0, out.data() + begin, static_cast<uInt>(out.size() - begin)));
  };
  auto low = [](Index n) { return static_cast<std::uint8_t>(n & 0xFF); };
  auto high = [](Index n) { return static_cast<std::uint8_t>(n >> 8); };
  std::uint8_t const colour = channels == 1 ? 0 : 2;
  std::uint8_t const header[] = {0,           0, high(width), low(width), 0, 0, high(height),
                                 low(height), 8, colour,      0,          0, 0};
  chunk("IHDR", header);
  chunk("IDAT", packed);
  chunk("IEND", {});
  return out;
}

}  // namespace vlpt::report
