#pragma once
#include <algorithm>
#include <cstdint>

#include "vlpt/core/error.hpp"
#include "vlpt/io/image.hpp"

namespace vlpt::io {

/// The picture as it looks on white paper: grey with alpha (2 channels) becomes grey, colour with
/// alpha (4) colour, c a + 255 (1 - a) rounded to nearest; without alpha it stays as it is.
[[nodiscard]] inline Image on_white(Image in) {
  VLPT_CHECK(in.channels >= 1 && in.channels <= 4, "an image of ", in.channels, " channels");
  if (in.channels % 2 == 1) return in;
  Image out;
  out.resize(in.width, in.height, in.channels - 1);
  std::uint8_t const* from = in.pixels.data();
  for (std::uint8_t* to = out.pixels.data(); to != out.pixels.data() + out.pixels.size();
       to += out.channels, from += in.channels) {
    int const alpha = from[out.channels];
    for (Index c = 0; c < out.channels; ++c)
      to[c] = static_cast<std::uint8_t>((from[c] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
  return out;
}

/// The picture in the middle of a white square, as large as its longer side.
[[nodiscard]] inline Image white_square(Image const& in) {
  Index const side = in.width > in.height ? in.width : in.height;
  Image out;
  out.resize(side, side, in.channels);
  for (std::uint8_t& v : out.pixels) v = 255;
  Index const left = (side - in.width) / 2, top = (side - in.height) / 2;
  for (Index y = 0; y < in.height; ++y)
    std::copy_n(in.row(y), in.width * in.channels, out.row(top + y) + left * in.channels);
  return out;
}

}  // namespace vlpt::io
