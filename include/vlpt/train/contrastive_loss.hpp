#pragma once
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// CLIP's loss of a batch of pairs, of which image i belongs to text i:
///   logits (n, n) -> (cross entropy of each image over the texts + of each text over the images)
///   / 2.
/// Keeps its memory between calls. Throws InputError where there are not as many texts as images.
/// Radford et al., arXiv 2103.00020, figure 3.
template <class T>
class ContrastiveLoss {
 public:
  /// The loss; d_logits (n, n) receives its gradient.
  template <class B>
  [[nodiscard]] T operator()(B const& backend, View<T const> logits, View<T> d_logits) {
    Index const n = logits.rows;
    VLPT_CHECK(n > 0 && logits.cols == n, "a contrastive loss needs a text for each image: got ", n,
               " images and ", logits.cols, " texts");
    VLPT_CHECK(d_logits.rows == n && d_logits.cols == n, "the gradient of ", n, " x ", n,
               " logits does not fit into ", d_logits.rows, " x ", d_logits.cols);
    reserve(n);
    View<T> const turned(turned_.data(), n, n), d_turned(d_turned_.data(), n, n);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j) turned(i, j) = logits(j, i);
    T const of_images = backend.cross_entropy(logits, pair_.data(), View<T const>{}, d_logits);
    T const of_texts =
        backend.cross_entropy(View<T const>(turned), pair_.data(), View<T const>{}, d_turned);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j) d_logits(i, j) = (d_logits(i, j) + d_turned(j, i)) / T(2);
    return (of_images + of_texts) / T(2);
  }

 private:
  void reserve(Index n) {
    auto const pairs = static_cast<std::size_t>(n);
    while (pair_.size() < pairs) pair_.push_back(static_cast<Index>(pair_.size()));
    if (turned_.size() < pairs * pairs)
      turned_.resize(pairs * pairs), d_turned_.resize(pairs * pairs);
  }

  std::vector<Index> pair_;  // 0, 1, 2, ...
  std::vector<T> turned_, d_turned_;
};

}  // namespace vlpt
