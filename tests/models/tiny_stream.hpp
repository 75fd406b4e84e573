#pragma once
#include <vector>

#include "models/tiny.hpp"
#include "vlpt/models/single_stream.hpp"

namespace vlpt::test {

/// A single-stream model small enough for plain loops; its images may be larger than its table of
/// positions (2 x 2 patches of 3 x 3), and have more patches than it reads.
struct TinyStream : arch::ViLT_B32 {
  static constexpr std::string_view name = "tiny-stream";
  static constexpr Index image = 8, channels = 2, patch = 4, dim = 8, depth = 3, heads = 2,
                         hidden = 12;
  static constexpr Index canvas = 12, max_patches = 5, vocabulary = 7, words = 4;
};

/// Pairs of a text and an image, of all sizes: the first image is as large as the canvas, the
/// others are padded with zeros; every second text is padded.
struct StreamBatch {
  Index samples, images;  // images of each sample
  Tensor<double> pixels, d_pixels;
  std::vector<Index> ids;
  std::vector<unsigned char> mask;

  explicit StreamBatch(Index n = 3, Index each = 1)
      : samples(n),
        images(each),
        pixels(normal<double>(Shape{n * each, 2, 12, 12}, 1)),
        d_pixels(pixels.shape) {
    for (Index r = 0; r < n * each; ++r) {
      Index const high = r % 3 == 1 ? 8 : 12, wide = r % 3 == 0 ? 12 : 4;
      for (Index i = 0; i < 2 * 12 * 12; ++i)
        if (i / 12 % 12 >= high || i % 12 >= wide) pixels[r * 2 * 12 * 12 + i] = 0;
      for (Index w = 0; w < 4; ++w) {
        ids.push_back((3 * r + 2 * w) % 7);
        mask.push_back(r % 2 == 1 && w >= 2 ? 0 : 1);
      }
    }
  }
  [[nodiscard]] TextImages<double const> input() const {
    return {samples, 4, ids.data(), mask.data(), nullptr, stream(pixels.data())};
  }
  [[nodiscard]] TextImages<double> gradient() {
    return {samples, 4, nullptr, nullptr, nullptr, stream(d_pixels.data())};
  }
  /// The pixels of the first image, where no step makes padding valid.
  [[nodiscard]] std::span<double> moved() { return std::span(pixels.values).first(2 * 12 * 12); }
  [[nodiscard]] std::span<double const> slopes() const {
    return std::span(d_pixels.values).first(2 * 12 * 12);
  }

 private:
  template <class T>
  [[nodiscard]] Stream<T> stream(T* data) const {
    return {data, samples * images, 2 * 12, 12};
  }
};

}  // namespace vlpt::test
