#pragma once
#include <algorithm>
#include <concepts>
#include <span>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/view.hpp"
#include "vlpt/train/loss_sum.hpp"

namespace vlpt {

/// What a head is trained by: one softmax over its classes, or, as ViLT's and METER's heads for
/// VQA, a yes or no of each class, summed over classes.
enum class Loss { cross_entropy, binary_cross_entropy };

/// Examples that may say how the mass of one is shared among the classes (soft labels).
template <class E, class T>
concept HasTargets = requires(E const& e, Index i, T* row) {
  { e.soft() } -> std::convertible_to<bool>;
  e.targets(i, row);
};

/// The mean loss of a batch's logits against the examples' labels, soft ones where they have them.
/// Logits, weights and gradients are in B's memory, examples and labels in the host's.
template <class B>
class BatchLoss {
 public:
  using T = typename B::Scalar;

  explicit BatchLoss(Loss kind = Loss::cross_entropy) : kind_(kind) {}

  /// logits (which.size(), classes); labels of the same examples; d is the gradient.
  template <class E>
  void operator()(B const& backend, E const& examples, std::span<Index const> which,
                  Index const* labels, View<T const> logits, View<T const> class_weights,
                  View<T> d) {
    bool const binary = kind_ == Loss::binary_cross_entropy;
    View<Sum<T>> const loss = loss_.start(backend);
    if (!binary && !soft(examples))
      return backend.cross_entropy(logits, labels, class_weights, d, loss);
    VLPT_CHECK(class_weights.data == nullptr,
               "classes have no weights where examples have several labels");
    targets_.assign(static_cast<std::size_t>(logits.size()), T(0));
    for (Index i = 0; i < logits.rows; ++i) {
      T* const row = targets_.data() + i * logits.cols;
      if constexpr (HasTargets<E, T>)
        examples.targets(which[static_cast<std::size_t>(i)], row);
      else
        row[labels[i]] = T(1);
    }
    View<T const> const targets(brought_.bring(backend, std::span<T const>(targets_)), logits.rows,
                                logits.cols);
    if (binary)
      backend.binary_cross_entropy(logits, targets, d, loss);
    else
      backend.soft_cross_entropy(logits, targets, d, loss);
  }
  /// Of the last call.
  [[nodiscard]] Sum<T> value(B const& backend) const { return loss_.value(backend); }

 private:
  template <class E>
  [[nodiscard]] static bool soft(E const& examples) {
    if constexpr (HasTargets<E, T>)
      return examples.soft();
    else
      return false;
  }

  Loss kind_;
  LossSum<T, B> loss_;
  std::vector<T> targets_;
  Room<T, B> brought_;  // where the backend reads them
};

}  // namespace vlpt
