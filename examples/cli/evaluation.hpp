#pragma once
#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "classifier.hpp"
#include "vlpt/train/confusion.hpp"
#include "vlpt/train/metrics.hpp"

namespace vlpt::cli {

/// What a classifier makes of labelled images.
struct Evaluation {
  Tensor<float> logits;  // (images, classes)
  std::vector<Index> predicted, labels;
  Confusion confusion;

  /// The share of images whose class is among the k best: recall at k.
  [[nodiscard]] double recall_at(Index k) const {
    return top_k_accuracy(logits.view(), std::span(labels), k);
  }
};

/// What logits (indices, classes) say of data whose labels are known.
template <class Data>
[[nodiscard]] Evaluation evaluation_of(Tensor<float> logits, Data const& data,
                                       std::vector<Index> const& indices) {
  Evaluation out{
      std::move(logits), {}, {}, Confusion(static_cast<Index>(data.class_names().size()))};
  auto const v = out.logits.view();
  for (Index i = 0; i < v.rows; ++i) {
    out.predicted.push_back(best_class(v, i));
    out.labels.push_back(data.label(indices[static_cast<std::size_t>(i)]));
    out.confusion.add(out.labels.back(), out.predicted.back());
  }
  return out;
}
/// requires: the data's classes are the classifier's.
[[nodiscard]] inline Evaluation evaluate(Classifier const& classifier, Images const& images,
                                         std::vector<Index> const& indices, Progress& progress) {
  return evaluation_of(classifier.logits(images, indices, progress), images, indices);
}

/// sigmoid of one row of logits: what a head says that was trained to say yes or no to each.
[[nodiscard]] inline std::vector<double> independent_probabilities(View<float const> logits,
                                                                   Index row) {
  std::vector<double> out;
  for (Index c = 0; c < logits.cols; ++c)
    out.push_back(1 / (1 + std::exp(-static_cast<double>(logits(row, c)))));
  return out;
}

/// softmax of one row of logits.
[[nodiscard]] inline std::vector<double> probabilities(View<float const> logits, Index row) {
  float const* const x = logits.row(row);
  double const most = *std::max_element(x, x + logits.cols);
  std::vector<double> out;
  double sum = 0;
  for (Index c = 0; c < logits.cols; ++c) sum += out.emplace_back(std::exp(x[c] - most));
  for (double& p : out) p /= sum;
  return out;
}

/// The k classes of the highest probabilities, the highest first.
[[nodiscard]] inline std::vector<std::pair<std::size_t, double>> best_classes(
    std::vector<double> const& p, Index k) {
  std::vector<std::pair<std::size_t, double>> out;
  for (std::size_t i = 0; i < p.size(); ++i) out.emplace_back(i, p[i]);
  std::ranges::stable_sort(out, std::ranges::greater{}, [](auto const& one) { return one.second; });
  out.resize(std::min(out.size(), static_cast<std::size_t>(k)));
  return out;
}

}  // namespace vlpt::cli
