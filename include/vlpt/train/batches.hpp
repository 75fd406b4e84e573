#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "vlpt/train/evaluate.hpp"

namespace vlpt {

/// Brings examples into a net, batch by batch, and its gradients back. Where nothing below the head
/// learns and images do not change from epoch to epoch, features are computed once and kept: then
/// an epoch of a linear probe costs its head alone. Exact.
template <class N, class E>
class Batches {
 public:
  using T = typename N::T;

  Batches(N& net, E& examples, Index batch)
      : net_(net), examples_(examples), values_(examples.preprocess().values()) {
    batch = std::min(batch, examples.size());
    net_.reserve(batch);
    labels_.resize(static_cast<std::size_t>(batch));
    if constexpr (!N::ModelType::trunk_learns)
      cached_ = !examples.augmented() && net.model().dropout == 0;
    if (cached_) features_ = features_of_all(std::as_const(net_), examples_);
    planes_.resize(static_cast<std::size_t>(batch * row_width()));
  }

  /// Logits of the examples that `which` names; `step` numbers the dropout.
  [[nodiscard]] View<T const> forward(std::span<Index const> which, Random draws,
                                      std::uint64_t step) {
    auto const n = static_cast<Index>(which.size());
    for (Index i = 0; i < n; ++i) {
      Index const at = which[static_cast<std::size_t>(i)];
      T* const row = planes_.data() + i * row_width();
      labels_[static_cast<std::size_t>(i)] = examples_.label(at);
      if (cached_)
        std::copy_n(features_.view().row(at), row_width(), row);
      else
        examples_.fill(at, draws.fork(static_cast<std::uint64_t>(examples_.index(at))), row);
    }
    if constexpr (!N::ModelType::trunk_learns)
      if (cached_) return net_.forward_head({planes_.data(), n, row_width()});
    auto const& f = net_.model().facts;
    return net_.forward({planes_.data(), n, f.channels * f.image, f.image}, step);
  }
  void backward(View<T const> d_logits) {
    if constexpr (!N::ModelType::trunk_learns)
      if (cached_) return net_.backward_head(d_logits);
    net_.backward(d_logits);
  }
  /// Of the last forward.
  [[nodiscard]] Index const* labels() const { return labels_.data(); }
  [[nodiscard]] Index count_right(View<T const> logits) const {
    Index right = 0;
    for (Index i = 0; i < logits.rows; ++i)
      if (best_class(logits, i) == labels_[static_cast<std::size_t>(i)]) ++right;
    return right;
  }

 private:
  [[nodiscard]] Index row_width() const { return cached_ ? features_.shape.cols() : values_; }

  N& net_;
  E& examples_;
  Index values_;
  bool cached_ = false;
  Tensor<T> features_;
  std::vector<T> planes_;
  std::vector<Index> labels_;
};

}  // namespace vlpt
