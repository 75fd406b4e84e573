#pragma once
#include "vlpt/core/error.hpp"
#include "vlpt/core/tensor.hpp"

namespace vlpt {

/// A tensor of images (batch, channels, image, image) as the stream that a model of these facts
/// reads: the rows of all channels below each other.
template <class Facts, class T>
[[nodiscard]] Stream<T const> stream_of_images(Facts const& f, Tensor<T> const& images) {
  VLPT_CHECK(images.shape.rank == 4 &&
                 images.shape == (Shape{images.shape[0], f.channels, f.image, f.image}),
             "images of shape ", images.shape, " do not fit a model of (batch, ", f.channels, ", ",
             f.image, ", ", f.image, ")");
  return {images.data(), images.shape[0], f.channels * f.image, f.image};
}

}  // namespace vlpt
