#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/image.hpp"
#include "vlpt/io/resize.hpp"

namespace vlpt::io {

/// How a model wants its pictures: size x size, `channels` 1 or 3, (value / 255 - mean) / std.
/// mean and std have one entry, or one a channel.
struct Preprocess {
  Index size = 224;
  Index channels = 3;
  std::vector<double> mean{0.5};
  std::vector<double> std{0.5};
  Filter filter = Filter::bilinear;

  [[nodiscard]] Index values() const { return channels * size * size; }
};

/// The image as planes (channels, size, size) of a floating type. Colour is converted first, then
/// the whole picture is scaled (no crop), as Hugging Face's ViTImageProcessor does.
/// requires: planes.size() == p.values().
template <class T>
void preprocess(Image const& image, Preprocess const& p, std::span<T> planes) {
  VLPT_CHECK(static_cast<Index>(planes.size()) == p.values(), "a picture of ", p.channels, " x ",
             p.size, " x ", p.size, " needs ", p.values(), " values, got ", planes.size());
  auto const entries = static_cast<std::size_t>(p.channels);
  VLPT_CHECK((p.mean.size() == 1 || p.mean.size() == entries) &&
                 (p.std.size() == 1 || p.std.size() == entries),
             "mean and std need 1 or ", p.channels, " entries, got ", p.mean.size(), " and ",
             p.std.size());
  Image made;  // stays empty, and without memory, where the image is as it should be
  Image const* from = &image;
  if (image.channels != p.channels) from = &(made = convert(image, p.channels));
  if (from->width != p.size || from->height != p.size)
    from = &(made = resize(*from, p.size, p.size, p.filter));
  Index const area = p.size * p.size;
  for (Index c = 0; c < p.channels; ++c) {
    auto const k = static_cast<std::size_t>(c);
    double const mean = p.mean[p.mean.size() == 1 ? 0 : k], std = p.std[p.std.size() == 1 ? 0 : k];
    VLPT_CHECK(std > 0, "std must be positive, got ", std);
    for (Index i = 0; i < area; ++i) {
      double const value = from->pixels[static_cast<std::size_t>(i * p.channels + c)] / 255.0;
      planes[static_cast<std::size_t>(c * area + i)] = static_cast<T>((value - mean) / std);
    }
  }
}

}  // namespace vlpt::io
