#pragma once
#include "net_work.hpp"
#include "vlpt/models/roberta_positions.hpp"
#include "vlpt/models/two_stream.hpp"

namespace peers {

/// 40 words and an image of 384 pixels, 577 rows.
struct MeterInput {
  static constexpr Index words = 40, image = vlpt::arch::METER_B16_384::image;
  Index batch;
  std::vector<Index> ids, positions;
  vlpt::Tensor<float> pixels;

  explicit MeterInput(Index b)
      : batch(b),
        ids(static_cast<std::size_t>(b * words), 7),
        positions(vlpt::roberta_positions(ids, words)),
        pixels(filled(Shape{b * 3 * image, image}, 2)) {}
  template <class Net>
  [[nodiscard]] vlpt::TextImages<float const> operator()(Net const&) const {
    return {batch,           words,   ids.data(),
            nullptr,         nullptr, {pixels.data(), batch, 3 * image, image},
            positions.data()};
  }
};

}  // namespace peers
