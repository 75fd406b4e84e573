#pragma once
#include <vector>

#include "models/tiny.hpp"
#include "vlpt/models/roberta_positions.hpp"
#include "vlpt/models/text_images.hpp"

namespace vlpt::test {

/// Real images of the size that a cost is counted for, and room for their gradient.
template <class Model, class Input = typename Model::template Input<float>>
class CostInput {
 public:
  CostInput(Model const& model, Index batch)
      : at_(model.template blank<float>(batch)),
        pixels_(normal<float>(Shape{at_.size()}, 1)),
        d_pixels_(pixels_.shape) {}
  [[nodiscard]] Stream<float const> input() const { return at(pixels_.data()); }
  [[nodiscard]] Stream<float> gradient() { return at(d_pixels_.data()); }

 private:
  template <class T>
  [[nodiscard]] Stream<T> at(T* data) const {
    return {data, at_.batch, at_.tokens, at_.dim};
  }
  Stream<float> at_;
  Tensor<float> pixels_, d_pixels_;
};

/// Real pairs: every second text is padded, and where images may be of many sizes, as ViLT's,
/// so is every second image.
template <class Model>
class CostInput<Model, TextImages<float const>> {
 public:
  CostInput(Model const& model, Index batch)
      : at_(model.template blank<float>(batch)),
        pixels_(normal<float>(Shape{at_.size()}, 1)),
        d_pixels_(pixels_.shape) {
    for (Index r = 0; r < at_.pairs(); ++r)
      for (Index w = 0; w < at_.words; ++w) {
        bool const word = r % 2 == 0 || 2 * w < at_.words;
        ids_.push_back(word ? 2 + (3 * r + 2 * w) % 5 : 1);
        mask_.push_back(word ? 1 : 0);
      }
    if constexpr (requires { model.facts.canvas; }) {
      Index const each = at_.images.tokens * at_.images.dim;
      for (Index i = each; i < pixels_.size(); ++i)
        if (i / each % 2 == 1 && 3 * (i % at_.images.dim) >= at_.images.dim) pixels_[i] = 0;
    } else {
      positions_ = roberta_positions(ids_, at_.words);
    }
  }
  [[nodiscard]] TextImages<float const> input() const { return with(pixels_.data()); }
  [[nodiscard]] TextImages<float> gradient() { return with(d_pixels_.data()); }

 private:
  template <class T>
  [[nodiscard]] TextImages<T> with(T* data) const {
    auto const& i = at_.images;
    return {at_.batch,
            at_.words,
            ids_.data(),
            mask_.data(),
            nullptr,
            Stream<T>(data, i.batch, i.tokens, i.dim),
            positions_.empty() ? nullptr : positions_.data()};
  }
  TextImages<float> at_;
  Tensor<float> pixels_, d_pixels_;
  std::vector<Index> ids_, positions_;
  std::vector<unsigned char> mask_;
};

}  // namespace vlpt::test
