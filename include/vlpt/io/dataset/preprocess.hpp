#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/picture_fit.hpp"
#include "vlpt/io/image.hpp"
#include "vlpt/io/resize.hpp"

namespace vlpt::io {

/// How a model wants its pictures: size x size, `channels` 1 or 3, (value / 255 - mean) / std.
/// mean and std have one entry, or one a channel. What becomes of pictures that are no square, or
/// of other sizes, is `fit`.
struct Preprocess {
  Index size = 224;
  Index channels = 3;
  std::vector<double> mean{0.5};
  std::vector<double> std{0.5};
  Filter filter = Filter::bilinear;
  PictureFit fit{};

  [[nodiscard]] Index values() const { return channels * size * size; }
};

/// The picture as the model sees it, but still of 8 bits: with its channels and its size. Byte for
/// byte what the family's own code gives before it normalises.
[[nodiscard]] inline Image fitted(Image const& image, Preprocess const& p) {
  Image made;
  Image const* from = &image;
  if (image.channels != p.channels) from = &(made = convert(image, p.channels));
  return p.fit.apply(*from, p.size, p.filter);
}

/// Rows of 8-bit pixels as planes (channels, height, width) of a floating type, the picture in the
/// upper left corner, the rest of them as it was. requires: it fits, std is positive.
template <class T>
void normalise(Image const& image, Preprocess const& p, Index height, Index width,
               std::span<T> planes) {
  auto const entries = static_cast<std::size_t>(p.channels);
  VLPT_CHECK((p.mean.size() == 1 || p.mean.size() == entries) &&
                 (p.std.size() == 1 || p.std.size() == entries),
             "mean and std need 1 or ", p.channels, " entries, got ", p.mean.size(), " and ",
             p.std.size());
  for (Index c = 0; c < p.channels; ++c) {
    auto const k = static_cast<std::size_t>(c);
    double const mean = p.mean[p.mean.size() == 1 ? 0 : k], std = p.std[p.std.size() == 1 ? 0 : k];
    VLPT_CHECK(std > 0, "std must be positive, got ", std);
    for (Index y = 0; y < image.height; ++y) {
      std::uint8_t const* const from = image.row(y) + c;
      T* const to = planes.data() + (c * height + y) * width;
      for (Index x = 0; x < image.width; ++x)
        to[x] = static_cast<T>((from[x * p.channels] / 255.0 - mean) / std);
    }
  }
}

/// The picture as planes (channels, size, size), for models that want all of one size.
/// requires: planes.size() == p.values().
template <class T>
void preprocess(Image const& image, Preprocess const& p, std::span<T> planes) {
  VLPT_CHECK(static_cast<Index>(planes.size()) == p.values(), "a picture of ", p.channels, " x ",
             p.size, " x ", p.size, " needs ", p.values(), " values, got ", planes.size());
  VLPT_CHECK(!p.fit.own_size(),
             "this model's pictures have sizes of their own; preprocess_padded()");
  if (image.channels == p.channels && image.width == p.size && image.height == p.size)
    normalise(image, p, p.size, p.size, planes);  // as it should be: no copy, no memory
  else
    normalise(fitted(image, p), p, p.size, p.size, planes);
}

}  // namespace vlpt::io
