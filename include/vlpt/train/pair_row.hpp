#pragma once
#include <concepts>

#include "vlpt/core/index.hpp"
#include "vlpt/core/random.hpp"

namespace vlpt {

/// How large an example of a text and a picture is: words, special ones included, and pixels.
struct PairSize {
  Index words = 0, height = 0, width = 0;
};

/// Where an example of a text and a picture goes in a batch: its row of ids and of the mask (1: a
/// word), each as long as the batch's longest text, and planes (channels, height, width) as large
/// as the batch's largest picture, whose top-left corner it fills. All three are cleared before.
template <class T>
struct PairRow {
  Index* ids = nullptr;
  unsigned char* mask = nullptr;
  T* planes = nullptr;
  Index height = 0, width = 0;  // of the planes
};

/// Examples of a text with a picture: each says how large it is, and fills a row of a batch.
template <class E>
concept MakesPairs = requires(E const& e, Index i) {
  { e.pair_size(i) } -> std::same_as<PairSize>;
};

}  // namespace vlpt
