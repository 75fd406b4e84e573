#pragma once
#include <vector>

#include "models/tiny.hpp"
#include "vlpt/models/roberta_positions.hpp"
#include "vlpt/models/two_stream.hpp"

namespace vlpt::test {

/// A two-stream model small enough for plain loops: 4 words and 5 rows of an image, two layers of
/// either stream, and towers of widths of their own.
struct TinyMeter : arch::METER_B16_288 {
  static constexpr std::string_view name = "tiny-meter";
  static constexpr Index image = 8, channels = 2, patch = 4;
  static constexpr Index image_dim = 6, image_depth = 1, image_heads = 2, image_hidden = 6;
  static constexpr Index vocabulary = 9, positions = 7, words = 4;
  static constexpr Index text_dim = 4, text_depth = 1, text_heads = 2, text_hidden = 6;
  static constexpr Index dim = 8, depth = 2, heads = 2, hidden = 6;
};

/// Pairs of a text and an image; every second text is padded.
struct PairBatch {
  Index samples;
  Tensor<double> pixels;
  std::vector<Index> ids, positions;
  std::vector<unsigned char> mask;

  explicit PairBatch(Index n = 2, Index each = 1)
      : samples(n), pixels(normal<double>(Shape{n * each, 2, 8, 8}, 1)) {
    for (Index r = 0; r < n * each; ++r)
      for (Index w = 0; w < 4; ++w) {
        bool const word = r % 2 == 0 || w < 2;
        ids.push_back(word ? 2 + (3 * r + 2 * w) % 7 : 1);
        mask.push_back(word ? 1 : 0);
      }
    positions = roberta_positions(ids, 4);
  }
  [[nodiscard]] TextImages<double const> input() const {
    return {samples,         4,       ids.data(),
            mask.data(),     nullptr, {pixels.data(), pixels.shape[0], 2 * 8, 8},
            positions.data()};
  }
};

}  // namespace vlpt::test
