#pragma once
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/update.hpp"
#include "vlpt/train/loss_sum.hpp"

namespace vlpt {

/// CLIP's loss of a batch of pairs, of which image i belongs to text i:
///   logits (n, n) -> (cross entropy of each image over the texts + of each text over the images)
///   / 2.
/// Keeps its memory between calls. Throws InputError where there are not as many texts as images.
/// Radford et al., arXiv 2103.00020, figure 3.
template <class B>
class ContrastiveLoss {
 public:
  using T = typename B::Scalar;

  /// d_logits (n, n) = the loss's gradient; both in B's memory.
  void operator()(B const& backend, View<T const> logits, View<T> d_logits) {
    Index const n = logits.rows;
    VLPT_CHECK(n > 0 && logits.cols == n, "a contrastive loss needs a text for each image: got ", n,
               " images and ", logits.cols, " texts");
    VLPT_CHECK(d_logits.rows == n && d_logits.cols == n, "the gradient of ", n, " x ", n,
               " logits does not fit into ", d_logits.rows, " x ", d_logits.cols);
    while (pair_.size() < static_cast<std::size_t>(n))
      pair_.push_back(static_cast<Index>(pair_.size()));
    View<T> const turned(turned_.reserve(n * n), n, n), d_turned(d_turned_.reserve(n * n), n, n);
    View<Sum<T>> const loss = loss_.start(backend);
    turn(backend, logits, turned);
    backend.cross_entropy(logits, pair_.data(), View<T const>{}, d_logits, loss);
    backend.cross_entropy(View<T const>(turned), pair_.data(), View<T const>{}, d_turned, loss);
    turn(backend, View<T const>(d_turned), turned);
    backend.add(Stream<T const>(turned, 1), Stream<T>(d_logits, 1));
    backend.scale(Sum<T>(0.5), Stream<T>(d_logits, 1));
  }
  /// The loss of the last call.
  [[nodiscard]] Sum<T> value(B const& backend) const { return loss_.value(backend) / 2; }

 private:
  std::vector<Index> pair_;  // 0, 1, 2, ...
  Room<T, B> turned_, d_turned_;
  LossSum<T, B> loss_;
};

}  // namespace vlpt
