#pragma once
#include <string>
#include <vector>

#include "../cut_text.hpp"
#include "vlpt/io/dataset/preprocess_padded.hpp"
#include "vlpt/io/decode_image.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"
#include "vlpt/models/text_images.hpp"

namespace vlpt::cli {

/// One text with its picture, in memory of its own, as a single stream reads them.
class PairInput {
 public:
  /// The text is cut to `most` tokens: see tell_cut().
  PairInput(io::Tokenizer const& tokenizer, std::string const& text, Index most, bool strict,
            io::Preprocess const& how, std::string const& file)
      : rows_(how.channels) {
    auto encoded = tokenizer.encode(text, most);
    if (encoded.cut > 0) tell_cut(text, encoded.cut, most, strict);
    ids_ = std::move(encoded.ids);
    auto const picture = io::load_image(file);
    auto const [width, height] = how.fit.scaled(picture.width, picture.height, how.size);
    width_ = width, rows_ *= height;
    planes_.resize(static_cast<std::size_t>(rows_ * width_));
    io::preprocess_padded<float>(picture, how, height, width, planes_);
  }
  [[nodiscard]] TextImages<float const> input() const {
    return {1,       static_cast<Index>(ids_.size()),   ids_.data(), nullptr,
            nullptr, {planes_.data(), 1, rows_, width_}};
  }

 private:
  std::vector<Index> ids_;
  std::vector<float> planes_;
  Index rows_, width_ = 0;
};

}  // namespace vlpt::cli
