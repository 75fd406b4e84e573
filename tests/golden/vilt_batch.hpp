#pragma once
#include <string>
#include <utility>
#include <vector>

#include "recording.hpp"
#include "vlpt/models/roberta_positions.hpp"
#include "vlpt/models/text_images.hpp"

namespace golden {

/// What a case of ViLT or METER is given: pairs of a text and an image, and how many samples they
/// make.
struct ViltBatch {
  Index samples = 0;
  std::vector<Index> ids;
  std::vector<Index> positions;  // RoBERTa's
  std::vector<unsigned char> mask;
  Tensor<double> images;

  /// Each text with its image.
  static ViltBatch plain(Recording& file) {
    return of(file, 1, [](Index) { return std::pair{std::string("text"), std::string("image")}; });
  }
  /// Each text with two images.
  static ViltBatch two_images(Recording& file) {
    ViltBatch b = of(file, 2, [](Index i) {
      return std::pair{std::string("text"), std::string(i == 0 ? "image" : "image_1")};
    });
    b.samples /= 2;
    return b;
  }
  /// Each image with its text and two false ones.
  static ViltBatch candidates(Recording& file) {
    return of(file, 3, [](Index i) {
      return std::pair{i == 0 ? std::string("text") : "false_text_" + std::to_string(i - 1),
                       std::string("image")};
    });
  }

  template <class T>
  [[nodiscard]] vlpt::TextImages<T const> input(Tensor<T> const& pixels) const {
    auto const& s = pixels.shape;
    vlpt::Stream<T const> const stream(pixels.data(), s[0], s[1] * s[2], s[3]);
    return {samples,         static_cast<Index>(ids.size()) / s[0],
            ids.data(),      mask.data(),
            nullptr,         stream,
            positions.data()};
  }

 private:
  /// For each recorded sample `each` pairs; pair(i) names the text and the image of the i-th.
  template <class Pair>
  static ViltBatch of(Recording& file, Index each, Pair const& pair) {
    ViltBatch all;
    auto const like = file.read<double>("input.image").shape;
    Index const n = like[0], pixels = like[1] * like[2] * like[3];
    all.samples = n * each;
    all.images = Tensor<double>(vlpt::Shape{n * each, like[1], like[2], like[3]});
    for (Index b = 0; b < n; ++b)
      for (Index i = 0; i < each; ++i) {
        auto const [text, image] = pair(i);
        auto const ids = file.read<Index>("input." + text + "_ids");
        auto const mask = file.read<Index>("input." + text + "_mask");
        auto const from = file.read<double>("input." + image);
        Index const words = ids.shape[1];
        for (Index w = 0; w < words; ++w) {
          all.ids.push_back(ids[b * words + w]);
          all.mask.push_back(mask[b * words + w] != 0 ? 1 : 0);
        }
        for (Index p = 0; p < pixels; ++p)
          all.images[(b * each + i) * pixels + p] = from[b * pixels + p];
      }
    all.positions =
        vlpt::roberta_positions(all.ids, static_cast<Index>(all.ids.size()) / all.samples);
    return all;
  }
};

}  // namespace golden
