#pragma once
#include "vlpt/core/error.hpp"
#include "vlpt/core/view.hpp"
#include "vlpt/models/text_layout.hpp"

namespace vlpt {

/// A batch of images and, for each, its caption. Everything must live until the reverse.
template <class T>
struct ImageCaptions {
  Index batch = 0;
  Stream<T> images;                      // (batch, channels * height, width)
  TextLayout const* captions = nullptr;  // of as many texts, one chunk, nothing inserted

  constexpr operator ImageCaptions<T const>() const { return {batch, images, captions}; }
};

}  // namespace vlpt
