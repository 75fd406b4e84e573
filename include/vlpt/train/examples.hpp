#pragma once
#include <optional>
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/io/dataset/augment.hpp"
#include "vlpt/io/dataset/dataset.hpp"
#include "vlpt/io/dataset/preprocess.hpp"

namespace vlpt {

/// A part of a data set as a model wants it: which images, and how they become planes.
/// Without augmentation every image is read once, at construction, and kept.
template <class T, io::Dataset D>
class Examples {
 public:
  Examples(D const& data, std::vector<Index> indices, io::Preprocess how,
           std::optional<io::Augment> augment = {})
      : data_(&data), indices_(std::move(indices)), how_(std::move(how)), augment_(augment) {
    VLPT_CHECK(!indices_.empty(), "there are no images to work on");
    for (Index i : indices_) labels_.push_back(data.label(i));
    if (augment_) return;
    planes_.resize(static_cast<std::size_t>(size() * how_.values()));
    for (Index i = 0; i < size(); ++i) read(i, planes_.data() + i * how_.values());
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(indices_.size()); }
  [[nodiscard]] Index classes() const { return static_cast<Index>(data_->class_names().size()); }
  [[nodiscard]] bool augmented() const { return augment_.has_value(); }
  [[nodiscard]] io::Preprocess const& preprocess() const { return how_; }
  [[nodiscard]] Index label(Index i) const { return labels_[static_cast<std::size_t>(i)]; }
  /// Of the data set's own numbering.
  [[nodiscard]] Index index(Index i) const { return indices_[static_cast<std::size_t>(i)]; }

  /// Example i as planes (channels, size, size); `random` decides the augmentation.
  void fill(Index i, Random random, T* planes) {
    Index const n = how_.values();
    if (!augment_) {
      std::copy_n(planes_.data() + i * n, n, planes);
      return;
    }
    data_->image(index(i), picture_);
    io::augment(picture_, *augment_, random);
    io::preprocess<T>(picture_, how_, {planes, static_cast<std::size_t>(n)});
  }

 private:
  void read(Index i, T* planes) {
    data_->image(index(i), picture_);
    io::preprocess<T>(picture_, how_, {planes, static_cast<std::size_t>(how_.values())});
  }

  D const* data_;
  std::vector<Index> indices_, labels_;
  io::Preprocess how_;
  std::optional<io::Augment> augment_;
  std::vector<T> planes_;
  io::Image picture_;
};

}  // namespace vlpt
