#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/image.hpp"

namespace vlpt::io {

enum class Filter { bilinear, bicubic };

/// What one axis of a resize adds up: for each of `count` output positions from `from` on, where it
/// starts to read and with which weights, as Pillow has them: 22-bit fixed point, support widened
/// when shrinking.
struct ResizeWeights {
  static constexpr int bits = 22;
  struct Span {
    Index first = 0;
    Index count = 0;
    [[nodiscard]] Index end() const { return first + count; }
  };
  std::vector<Span> spans;
  std::vector<std::int32_t> weights;  // (output, stride)
  Index stride = 0;

  ResizeWeights(Index in, Index out, Filter filter, Index from, Index count) {
    double const scale = static_cast<double>(in) / static_cast<double>(out);
    double const wide = std::max(scale, 1.0);
    double const support = (filter == Filter::bilinear ? 1.0 : 2.0) * wide;
    stride = static_cast<Index>(std::ceil(support)) * 2 + 1;
    spans.resize(static_cast<std::size_t>(count));
    weights.assign(static_cast<std::size_t>(count * stride), 0);
    std::vector<double> w(static_cast<std::size_t>(stride));
    for (Index i = 0; i < count; ++i) {
      double const centre = (static_cast<double>(from + i) + 0.5) * scale;
      Index const first = std::max<Index>(0, static_cast<Index>(centre - support + 0.5));
      Index const last = std::min<Index>(in, static_cast<Index>(centre + support + 0.5));
      double sum = 0;
      for (Index k = 0; k < last - first; ++k) {
        double const x = (static_cast<double>(k + first) - centre + 0.5) * (1.0 / wide);
        w[static_cast<std::size_t>(k)] = filter == Filter::bilinear ? triangle(x) : cubic(x);
        sum += w[static_cast<std::size_t>(k)];
      }
      for (Index k = 0; k < last - first; ++k) {
        double const normed = w[static_cast<std::size_t>(k)] / sum * (1 << bits);
        weights[static_cast<std::size_t>(i * stride + k)] =
            static_cast<std::int32_t>(normed < 0 ? normed - 0.5 : normed + 0.5);
      }
      spans[static_cast<std::size_t>(i)] = {first, last - first};
    }
  }
  /// Output from + i of pixels that lie `step` bytes apart.
  /// The first of them is number `skipped`.
  [[nodiscard]] std::uint8_t apply(Index i, std::uint8_t const* pixels, Index step,
                                   Index skipped = 0) const {
    Span const s = spans[static_cast<std::size_t>(i)];
    std::int32_t const* const w = weights.data() + i * stride;
    std::int32_t sum = 1 << (bits - 1);
    for (Index k = 0; k < s.count; ++k) sum += w[k] * pixels[(s.first - skipped + k) * step];
    return static_cast<std::uint8_t>(std::clamp(sum >> bits, 0, 255));
  }

 private:
  static double triangle(double x) { return std::max(0.0, 1.0 - std::abs(x)); }
  static double cubic(double x) {  // Keys' kernel with a = -0.5
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    return x < 2.0 ? (((x - 5) * x + 8) * x - 4) * a : 0.0;
  }
};

/// The part of an image whose left upper pixel is (left, top).
[[nodiscard]] inline Image crop(Image const& in, Index left, Index top, Index width, Index height) {
  VLPT_CHECK(left >= 0 && top >= 0 && width >= 0 && height >= 0 && left + width <= in.width &&
                 top + height <= in.height,
             "a crop of ", width, " x ", height, " at (", left, ", ", top, ") leaves the image of ",
             in.width, " x ", in.height);
  Image out;
  out.resize(width, height, in.channels);
  for (Index y = 0; y < height; ++y)
    std::copy_n(in.row(top + y) + left * in.channels, width * in.channels, out.row(y));
  return out;
}

/// A part of the image scaled to width x height; nothing else is computed. Bit for bit as
/// Image.resize of Pillow up to 12: across, rounded to 8 bits, then down; a direction that keeps
/// its size is not filtered. (Pillow 13 goes down first where that is less work; models were
/// trained without that.) requires: no empty image, and a part that lies within.
[[nodiscard]] inline Image resize(Image const& in, Index width, Index height, Filter filter,
                                  Box part) {
  VLPT_CHECK(in.width > 0 && in.height > 0 && width > 0 && height > 0, "an image of ", in.width,
             " x ", in.height, " cannot be resized to ", width, " x ", height);
  VLPT_CHECK(part.left >= 0 && part.top >= 0 && part.width > 0 && part.height > 0 &&
                 part.left + part.width <= width && part.top + part.height <= height,
             "a part of ", part.width, " x ", part.height, " at (", part.left, ", ", part.top,
             ") leaves the image of ", width, " x ", height);
  if (width == in.width && height == in.height)
    return crop(in, part.left, part.top, part.width, part.height);
  Index const c = in.channels;
  bool const down = height != in.height;
  ResizeWeights const rows(in.height, height, filter, part.top, down ? part.height : 0);
  Index first = part.top, last = part.top + part.height;  // of the image: what its rows are made of
  if (down) first = rows.spans.front().first, last = rows.spans.back().end();
  Image across;
  if (width != in.width) {
    across.resize(part.width, last - first, c);
    ResizeWeights const w(in.width, width, filter, part.left, part.width);
    for (Index y = first; y < last; ++y)
      for (Index x = 0; x < part.width; ++x)
        for (Index k = 0; k < c; ++k)
          across.row(y - first)[x * c + k] = w.apply(x, in.row(y) + k, c);
  } else {
    across = crop(in, part.left, first, part.width, last - first);
  }
  if (!down) return across;
  Image out;
  out.resize(part.width, part.height, c);
  for (Index y = 0; y < part.height; ++y)
    for (Index x = 0; x < part.width * c; ++x)
      out.row(y)[x] = rows.apply(y, across.pixels.data() + x, part.width * c, first);
  return out;
}

/// The whole image scaled to width x height.
[[nodiscard]] inline Image resize(Image const& in, Index width, Index height, Filter filter) {
  return resize(in, width, height, filter, {0, 0, width, height});
}

}  // namespace vlpt::io
