#pragma once
#include "vlpt/blocks/facts.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// Images (batch, channels * image, image) without memory, to plan a run with.
template <class T>
[[nodiscard]] constexpr Stream<T> blank_images(VisionFacts const& f, Index batch) {
  return {nullptr, batch, f.channels * f.image, f.image};
}

/// Throws InputError unless these are images of a model with these facts.
template <class T>
void check_images(VisionFacts const& f, Stream<T> images) {
  VLPT_CHECK(images.batch > 0, "a batch needs at least one image");
  VLPT_CHECK(images.tokens == f.channels * f.image && images.dim == f.image, "images of ",
             images.tokens, " x ", images.dim, " values do not fit a model of ", f.channels, " x ",
             f.image, " x ", f.image);
}

}  // namespace vlpt
