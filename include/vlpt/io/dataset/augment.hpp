#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/io/image.hpp"
#include "vlpt/io/resize.hpp"

namespace vlpt::io {

/// Random changes to training images. A scale of {1, 1} does not crop.
struct Augment {
  double flip = 0.5;                                  ///< probability of a mirror image
  std::pair<double, double> scale{1, 1};              ///< share of the area that is kept
  std::pair<double, double> ratio{3.0 / 4, 4.0 / 3};  ///< width by height of what is kept
};

/// A random box (torchvision's RandomResizedCrop): up to ten draws of area and, on a log scale,
/// ratio; then the largest central box whose ratio is allowed. Uses the numbers 0 to 39 of
/// `random`.
[[nodiscard]] inline Box random_box(Index width, Index height, Augment const& a, Random random) {
  VLPT_CHECK(a.scale.first > 0 && a.scale.first <= a.scale.second && a.scale.second <= 1,
             "the scale of a crop must rise within (0, 1], got ", a.scale.first, " to ",
             a.scale.second);
  VLPT_CHECK(a.ratio.first > 0 && a.ratio.first <= a.ratio.second,
             "the ratio of a crop must be positive and rise, got ", a.ratio.first, " to ",
             a.ratio.second);
  if (a.scale.first == 1) return {0, 0, width, height};
  auto const between = [&](std::uint64_t i, double low, double high) {
    return low + (high - low) * random.uniform(i);
  };
  auto const w = static_cast<double>(width), h = static_cast<double>(height);
  for (std::uint64_t draw = 0; draw < 40; draw += 4) {
    double const area = w * h * between(draw, a.scale.first, a.scale.second);
    double const ratio =
        std::exp(between(draw + 1, std::log(a.ratio.first), std::log(a.ratio.second)));
    Index const bw = std::lround(std::sqrt(area * ratio)),
                bh = std::lround(std::sqrt(area / ratio));
    if (bw > 0 && bw <= width && bh > 0 && bh <= height)
      return {random.below(draw + 2, width - bw + 1), random.below(draw + 3, height - bh + 1), bw,
              bh};
  }
  double const ratio = std::clamp(w / h, a.ratio.first, a.ratio.second);
  Index const bw = std::clamp<Index>(std::lround(h * ratio), 1, width);
  Index const bh = std::clamp<Index>(std::lround(w / ratio), 1, height);
  return {(width - bw) / 2, (height - bh) / 2, bw, bh};
}

/// The mirror image, left and right exchanged, in place.
inline void flip(Image& image) {
  for (Index y = 0; y < image.height; ++y) {
    std::uint8_t* const row = image.row(y);
    for (Index l = 0, r = image.width - 1; l < r; ++l, --r)
      std::swap_ranges(row + l * image.channels, row + (l + 1) * image.channels,
                       row + r * image.channels);
  }
}

/// Crops, scales back to the image's own size (bilinear) and mirrors, all by chance. The same
/// `random` gives the same picture: fork it by epoch and sample.
inline void augment(Image& image, Augment const& a, Random random) {
  Box const box = random_box(image.width, image.height, a, random);
  if (box != Box{0, 0, image.width, image.height})
    image = resize(crop(image, box.left, box.top, box.width, box.height), image.width, image.height,
                   Filter::bilinear);
  if (random.uniform(40) < a.flip) flip(image);
}

}  // namespace vlpt::io
