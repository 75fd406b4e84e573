#pragma once
#include "vlpt/core/error.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// A batch of texts with images, as models of both read it. A sample has one pair of text and
/// image, or several that make one output (NLVR2: two), which follow one another; ids, text_mask
/// and types have a row for each pair. Everything must live until the reverse.
template <class T>
struct TextImages {
  Index batch = 0;                           // samples: rows of the output
  Index words = 0;                           // of every text, padding included
  Index const* ids = nullptr;                // (pairs, words)
  unsigned char const* text_mask = nullptr;  // (pairs, words), 0 = padding; null: no padding
  Index const* types = nullptr;              // (pairs): the row of the modality table that an image
                                             // adds; null: 1, 2, ... within a sample
  Stream<T> images;                          // (pairs, channels * height, width), zero padded
  Index const* positions = nullptr;          // (pairs, words): of the words; null: 0, 1, 2, ...

  [[nodiscard]] constexpr Index pairs() const { return images.batch; }
  /// Throws InputError unless there is a sample, and each has so many images.
  void check_pairs(Index of_sample) const {
    VLPT_CHECK(batch > 0, "a batch needs at least one sample");
    VLPT_CHECK(pairs() == batch * of_sample, batch, " samples of ", of_sample, " images each need ",
               batch * of_sample, " images, got ", pairs());
  }
  [[nodiscard]] constexpr Index size() const { return images.size(); }
  constexpr operator TextImages<T const>() const {
    return {batch, words, ids, text_mask, types, images, positions};
  }
};

}  // namespace vlpt
