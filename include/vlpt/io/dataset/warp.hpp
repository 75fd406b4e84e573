#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "vlpt/core/error.hpp"
#include "vlpt/io/image.hpp"

namespace vlpt::io {

/// A change of place: the picture is turned, scaled about its centre, moved, and mirrored at first.
struct Warp {
  double turn = 0;             // radians, clockwise
  double scale = 1;            // above 1: larger, its borders are cut
  double right = 0, down = 0;  // shares of the side
  bool mirror = false;
  std::uint8_t background = 255;  // of what lies outside of the picture
};

/// The picture after the change, size x size, bilinear. For a picture of about that size, or up to
/// twice as large: smaller details would alias.
[[nodiscard]] inline Image warp(Image const& in, Warp const& w, Index size) {
  VLPT_CHECK(in.width > 0 && in.height > 0 && size > 0, "a picture of ", in.width, " x ", in.height,
             " cannot be warped to ", size, " x ", size);
  VLPT_CHECK(w.scale > 0, "a picture is scaled by more than 0, not ", w.scale);
  Image out;
  out.resize(size, size, in.channels);
  double const c = std::cos(w.turn) / w.scale, s = std::sin(w.turn) / w.scale;
  auto const side = static_cast<double>(size);
  auto const value = [&](Index x, Index y, Index channel) -> double {
    if (x < 0 || y < 0 || x >= in.width || y >= in.height) return w.background;
    return in.row(y)[x * in.channels + channel];
  };
  for (Index y = 0; y < size; ++y)
    for (Index x = 0; x < size; ++x) {
      double const u = (static_cast<double>(x) + 0.5) / side - 0.5 - w.right,
                   v = (static_cast<double>(y) + 0.5) / side - 0.5 - w.down;
      double const turned = c * u + s * v;
      double const fx = (0.5 + (w.mirror ? -turned : turned)) * static_cast<double>(in.width) - 0.5,
                   fy = (0.5 + c * v - s * u) * static_cast<double>(in.height) - 0.5;
      auto const x0 = static_cast<Index>(std::floor(fx)), y0 = static_cast<Index>(std::floor(fy));
      double const p = fx - std::floor(fx), q = fy - std::floor(fy);
      for (Index k = 0; k < in.channels; ++k) {
        double const top = (1 - p) * value(x0, y0, k) + p * value(x0 + 1, y0, k),
                     low = (1 - p) * value(x0, y0 + 1, k) + p * value(x0 + 1, y0 + 1, k);
        out.row(y)[x * in.channels + k] =
            static_cast<std::uint8_t>(std::clamp((1 - q) * top + q * low + 0.5, 0.0, 255.0));
      }
    }
  return out;
}

}  // namespace vlpt::io
