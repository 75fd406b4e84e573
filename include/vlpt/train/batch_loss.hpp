#pragma once
#include <algorithm>
#include <concepts>
#include <span>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/view.hpp"

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
template <class T>
class BatchLoss {
 public:
  explicit BatchLoss(Loss kind = Loss::cross_entropy) : kind_(kind) {}

  /// logits (which.size(), classes); labels of the same examples; d is the gradient.
  template <class B, class E>
  [[nodiscard]] T operator()(B const& backend, E const& examples, std::span<Index const> which,
                             Index const* labels, View<T const> logits, View<T const> class_weights,
                             View<T> d) {
    bool const binary = kind_ == Loss::binary_cross_entropy;
    if (!binary && !soft(examples)) return backend.cross_entropy(logits, labels, class_weights, d);
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
    View<T const> const targets(targets_.data(), logits.rows, logits.cols);
    return binary ? backend.binary_cross_entropy(logits, targets, d)
                  : backend.soft_cross_entropy(logits, targets, d);
  }

 private:
  template <class E>
  [[nodiscard]] static bool soft(E const& examples) {
    if constexpr (HasTargets<E, T>)
      return examples.soft();
    else
      return false;
  }

  Loss kind_;
  std::vector<T> targets_;
};

}  // namespace vlpt
