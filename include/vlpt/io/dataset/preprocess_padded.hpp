#pragma once
#include <algorithm>
#include <span>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/image.hpp"

namespace vlpt::io {

/// A picture of its own size as planes (channels, height, width), in the upper left corner, zeros
/// elsewhere (ViLT's canvas: TextImages::images). Models find the part that it takes
/// by pixels whose channels sum to 0; a pixel of the picture that does by chance is moved by a
/// hundredth of a grey level. requires: planes of that many values, a canvas that holds the
/// picture.
template <class T>
void preprocess_padded(Image const& image, Preprocess const& p, Index height, Index width,
                       std::span<T> planes) {
  VLPT_CHECK(static_cast<Index>(planes.size()) == p.channels * height * width, "a canvas of ",
             p.channels, " x ", height, " x ", width, " needs ", p.channels * height * width,
             " values, got ", planes.size());
  Image const picture = fitted(image, p);
  VLPT_CHECK(picture.width <= width && picture.height <= height, "a picture of ", picture.width,
             " x ", picture.height, " does not fit a canvas of ", width, " x ", height);
  std::ranges::fill(planes, T(0));
  normalise(picture, p, height, width, planes);
  for (Index y = 0; y < picture.height; ++y)
    for (Index x = 0; x < picture.width; ++x) {
      T sum = T(0);
      for (Index c = 0; c < p.channels; ++c)
        sum += planes[static_cast<std::size_t>((c * height + y) * width + x)];
      if (sum == T(0)) planes[static_cast<std::size_t>(y * width + x)] += T(1e-4);
    }
}

}  // namespace vlpt::io
