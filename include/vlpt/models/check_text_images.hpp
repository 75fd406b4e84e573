#pragma once
#include "vlpt/core/error.hpp"
#include "vlpt/models/arch/single_stream.hpp"
#include "vlpt/models/text_images.hpp"

namespace vlpt {

/// Throws InputError unless this is a batch for a single-stream model of `images` a sample, planned
/// for texts of at most `words`.
template <class T>
void check_text_images(SingleStreamFacts const& facts, TextImages<T> const& in, Index images,
                       Index words) {
  auto const& v = facts.vision;
  VLPT_CHECK(in.batch > 0, "a batch needs at least one sample");
  VLPT_CHECK(in.pairs() == in.batch * images, in.batch, " samples of ", images,
             " images each need ", in.batch * images, " images, got ", in.pairs());
  VLPT_CHECK(in.words <= words, "texts of ", in.words, " words do not fit a model planned for ",
             words);
  Index const height = in.images.tokens / v.channels, width = in.images.dim;
  VLPT_CHECK(in.images.tokens % v.channels == 0 && height > 0 && height % v.patch == 0 &&
                 width > 0 && width % v.patch == 0 && height <= facts.canvas &&
                 width <= facts.canvas,
             "images of ", in.images.tokens, " x ", width, " values do not fit a model of ",
             v.channels, " channels whose padded images are multiples of ", v.patch,
             " pixels, at most ", facts.canvas);
  for (Index r = 0; in.types != nullptr && r < in.pairs(); ++r)
    VLPT_CHECK(in.types[r] > 0 && in.types[r] < facts.types, "image ", r, " has type ", in.types[r],
               ", which is not one of 1 to ", facts.types - 1);
}

}  // namespace vlpt
