#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::io {

/// A picture that unpacks to more bytes (pixels x channels) is taken for an attack. A file of a few
/// kilobytes can claim any size, so this bounds what one file costs.
inline constexpr Index max_picture_bytes = Index{1} << 26;

/// No picture is longer than this (libpng's own limit): scaling needs memory for each position.
inline constexpr Index max_picture_side = 1'000'000;

/// InputError, naming `where`, for a picture past these limits. requires: 31-bit extents.
inline void check_picture_size(std::string_view where, Index width, Index height, Index bytes) {
  VLPT_CHECK(width <= max_picture_side && height <= max_picture_side, where, ": a picture of ",
             width, " x ", height, " pixels is over the limit of ", max_picture_side, " a side");
  VLPT_CHECK(width * height <= max_picture_bytes / bytes, where, ": a picture of ", width, " x ",
             height, " pixels of ", bytes, " bytes each is over the limit of ", max_picture_bytes,
             " bytes; make it smaller");
}

/// A picture of 8 bits a channel; pixels are rows of interleaved channels (height, width,
/// channels).
struct Image {
  Index width = 0;
  Index height = 0;
  Index channels = 1;
  std::vector<std::uint8_t> pixels;

  /// Gives it a size; the pixels are then unspecified, their memory is kept where it suffices.
  void resize(Index w, Index h, Index c) {
    width = w, height = h, channels = c;
    pixels.resize(static_cast<std::size_t>(w * h * c));
  }
  [[nodiscard]] std::uint8_t* row(Index y) { return pixels.data() + y * width * channels; }
  [[nodiscard]] std::uint8_t const* row(Index y) const {
    return pixels.data() + y * width * channels;
  }
  [[nodiscard]] bool operator==(Image const&) const = default;
};

/// A rectangle of pixels.
struct Box {
  Index left = 0, top = 0, width = 0, height = 0;
  [[nodiscard]] bool operator==(Box const&) const = default;
};

/// The image with 1 or 3 channels: colour becomes grey by the plain average, rounded to nearest;
/// grey becomes colour by repeating; an alpha channel (2 or 4 channels) is dropped.
[[nodiscard]] inline Image convert(Image const& in, Index channels) {
  VLPT_CHECK(channels == 1 || channels == 3, "an image has 1 or 3 channels, not ", channels);
  VLPT_CHECK(in.channels >= 1 && in.channels <= 4, "an image of ", in.channels, " channels");
  if (in.channels == channels) return in;
  Image out;
  out.resize(in.width, in.height, channels);
  bool const colour = in.channels >= 3;
  std::uint8_t const* from = in.pixels.data();
  for (std::uint8_t* to = out.pixels.data(); to != out.pixels.data() + out.pixels.size();
       to += channels, from += in.channels)
    for (Index c = 0; c < channels; ++c)
      if (colour && channels == 1)
        to[c] = static_cast<std::uint8_t>((from[0] + from[1] + from[2] + 1) / 3);
      else
        to[c] = from[colour ? c : 0];
  return out;
}

}  // namespace vlpt::io
