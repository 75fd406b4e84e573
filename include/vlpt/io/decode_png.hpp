#pragma once
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/image.hpp"
#include "vlpt/io/stb_image.hpp"

namespace vlpt::io {

/// What the chunks of a PNG say before anything is unpacked.
struct PngParts {
  Index width = 0;
  Index height = 0;
  Index depth = 0;             ///< bits of one channel
  Index channels = 0;          ///< in the file: a palette counts as one
  std::string_view palette{};  ///< its chunk's content
  std::vector<std::string_view> packed;
};

/// Walks the chunks of a PNG and checks their sums, which stb_image does not.
[[nodiscard]] inline PngParts png_parts(std::string_view bytes, std::string_view where) {
  auto const number = [](std::string_view b) {
    std::uint32_t n = 0;
    for (int i = 0; i < 4; ++i)
      n = (n << 8) | static_cast<std::uint8_t>(b[static_cast<std::size_t>(i)]);
    return n;
  };
  PngParts parts;
  for (bytes.remove_prefix(8);;) {
    if (bytes.size() < 12) throw InputError(text(where, ": the PNG is truncated"));
    std::size_t const length = number(bytes);
    if (length > bytes.size() - 12) throw InputError(text(where, ": the PNG is truncated"));
    std::string_view const chunk = bytes.substr(4, 4 + length), content = chunk.substr(4);
    auto const* const data = static_cast<Bytef const*>(static_cast<void const*>(chunk.data()));
    if (::crc32_z(0, data, chunk.size()) != number(bytes.substr(8 + length)))
      throw InputError(text(where, ": the PNG is damaged (wrong checksum)"));
    if (chunk.starts_with("IHDR") == (parts.depth != 0))
      throw InputError(text(where, ": the PNG is damaged (it needs one header, first)"));
    if (chunk.starts_with("IHDR")) {
      VLPT_CHECK(length == 13, where, ": the PNG is damaged (its header has ", length, " bytes)");
      parts.width = number(content), parts.height = number(content.substr(4));
      parts.depth = static_cast<unsigned char>(content[8]);
      VLPT_CHECK(parts.depth >= 1 && parts.depth <= 16, where, ": a PNG has no channels of ",
                 parts.depth, " bits");
      bool const colour = (content[9] & 2) != 0, palette = (content[9] & 1) != 0;
      parts.channels = (colour && !palette ? 3 : 1) + ((content[9] & 4) != 0 ? 1 : 0);
    } else if (chunk.starts_with("PLTE")) {
      parts.palette = content;
    } else if (chunk.starts_with("IDAT")) {
      parts.packed.push_back(content);
    } else if (chunk.starts_with("IEND")) {
      return parts;
    }
    bytes.remove_prefix(12 + length);
  }
}

/// Unpacks the pixels piece by piece and forgets them: stb_image unpacks to memory whatever the
/// stream holds, so a stream of more than the picture needs must not reach it.
inline void check_png_stream(PngParts const& parts, std::string_view where) {
  Index const stride = (parts.width * parts.channels * parts.depth + 7) / 8;
  Index room = (stride + 4) * (parts.height + 8);  // interlaced rows have more filters and padding
  z_stream z{};
  VLPT_CHECK(::inflateInit(&z) == Z_OK, where, ": zlib has no memory");
  std::unique_ptr<z_stream, int (*)(z_stream*)> const end(&z, ::inflateEnd);
  std::array<Bytef, std::size_t{1} << 15> piece;
  int code = Z_OK;
  for (std::string_view packed : parts.packed) {
    z.next_in = const_cast<Bytef*>(
        static_cast<Bytef const*>(static_cast<void const*>(packed.data())));  // zlib only reads it
    z.avail_in = static_cast<uInt>(packed.size());
    do {
      z.next_out = piece.data(), z.avail_out = static_cast<uInt>(piece.size());
      code = ::inflate(&z, Z_NO_FLUSH);
      room -= static_cast<Index>(piece.size() - z.avail_out);
      VLPT_CHECK(room >= 0, where, ": the PNG unpacks to more than its ", parts.width, " x ",
                 parts.height, " pixels; it is damaged or an attack");
    } while (code == Z_OK && (z.avail_in != 0 || z.avail_out == 0));
    if (code != Z_OK && code != Z_BUF_ERROR) break;  // the end, or damage
  }
  VLPT_CHECK(code == Z_STREAM_END, where, ": the PNG cannot be decoded (its pixels are ",
             code == Z_OK || code == Z_BUF_ERROR ? "truncated" : "damaged", ")");
}

/// The same PNG with black for every colour that its pixels may ask for but its palette lacks, as
/// Pillow has it; stb_image would show what lies in its memory. The checksum is not renewed.
[[nodiscard]] inline std::string with_whole_palette(std::string_view bytes, PngParts const& parts) {
  constexpr std::size_t whole = 3 * 256;
  auto const start = static_cast<std::size_t>(parts.palette.data() - bytes.data());
  std::string out(bytes.substr(0, start));
  out[start - 6] = whole >> 8, out[start - 5] = whole & 0xff;
  out += parts.palette;
  out.append(whole - parts.palette.size(), '\0');
  return out += bytes.substr(start + parts.palette.size());
}

/// Grey of 16 bits as Pillow's convert("RGB") has it: a value past 255 becomes 255. (Of 16-bit
/// colour, and of grey with alpha, Pillow and stb_image keep the upper byte.)
inline void take_deep_grey(std::string_view bytes, Image& into) {
  auto const* const data = static_cast<stbi_uc const*>(static_cast<void const*>(bytes.data()));
  int width = 0, height = 0, channels = 0;
  std::unique_ptr<stbi_us, void (*)(void*)> const deep(
      stbi_load_16_from_memory(data, static_cast<int>(bytes.size()), &width, &height, &channels, 1),
      stbi_image_free);
  if (!deep) return;  // it could just be unpacked, so there is no memory
  into.resize(width, height, 1);
  std::transform(deep.get(), deep.get() + into.pixels.size(), into.pixels.begin(),
                 [](stbi_us v) { return static_cast<std::uint8_t>(std::min<int>(v, 255)); });
}

/// Decodes a PNG to the 1 to 4 channels that it has, 8 bits each. InputError names `where`.
[[nodiscard]] inline Image decode_png(std::string_view bytes, std::string_view where) {
  PngParts const parts = png_parts(bytes, where);
  VLPT_CHECK(bytes.size() < (std::size_t{1} << 30), where, ": the PNG is larger than 1 GB");
  std::string whole;
  if (auto const has = parts.palette.size(); has > 0 && has < 3 * 256 && has % 3 == 0)
    bytes = whole = with_whole_palette(bytes, parts);
  auto const* const data = static_cast<stbi_uc const*>(static_cast<void const*>(bytes.data()));
  int const size = static_cast<int>(bytes.size());
  auto const failed = [&] {
    char const* const reason = stbi_failure_reason();
    return InputError(text(where, ": the PNG cannot be decoded (",
                           reason == nullptr ? "no reason is known" : reason, ")"));
  };
  stbi__g_failure_reason = nullptr;  // else it is that of an older picture
  int width = 0, height = 0, channels = 0;
  if (stbi_info_from_memory(data, size, &width, &height, &channels) == 0) throw failed();
  check_picture_size(where, width, height, parts.depth == 16 ? 2 * channels : channels);
  check_png_stream(parts, where);
  std::unique_ptr<stbi_uc, void (*)(void*)> const pixels(
      stbi_load_from_memory(data, size, &width, &height, &channels, 0), stbi_image_free);
  if (!pixels) throw failed();
  Image out{width, height, channels, {}};
  out.pixels.assign(pixels.get(), pixels.get() + Index{width} * height * channels);
  if (parts.depth == 16 && parts.channels == 1) take_deep_grey(bytes, out);
  return out;
}

}  // namespace vlpt::io
