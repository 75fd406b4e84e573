#pragma once
#include "vlpt/kernels/cuda/losses.cuh"
#include "vlpt/kernels/cuda/row_primitives.hpp"

namespace vlpt::cuda {

/// Losses: each is added to loss (1, 1), which lies in the machine's memory.
template <class T, class M>
class LossPrimitives : public RowPrimitives<T, M> {
  using Base = RowPrimitives<T, M>;
  using S = Sum<T>;

 public:
  using Base::Base;

  void cross_entropy(View<T const> logits, Index const* labels, View<T const> weights,
                     View<T> d_logits, View<Sum<T>> loss) const {
    if (logits.empty()) return;
    S* const partial = this->template room<S>(logits.rows);
    this->at_width(this->all_even(logits, d_logits), [&](auto n) {
      this->launch(
          CrossEntropy<T, decltype(n)::value>(logits, labels, weights.data, d_logits, partial));
    });
    this->add_total(partial, logits.rows, S(1), loss.data);
  }
  void soft_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                          View<Sum<T>> loss) const {
    if (logits.empty()) return;
    S* const partial = this->template room<S>(logits.rows);
    this->at_width(this->all_even(logits, targets, d_logits), [&](auto n) {
      this->launch(SoftCrossEntropy<T, decltype(n)::value>(logits, targets, d_logits, partial));
    });
    this->add_total(partial, logits.rows, S(1), loss.data);
  }
  void binary_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                            View<Sum<T>> loss) const {
    this->at_width(this->all_even(logits, targets, d_logits), [&](auto n) {
      this->total(BinaryCrossEntropy<T, decltype(n)::value>{logits, targets, d_logits},
                  S(1) / static_cast<S>(logits.rows), loss.data);
    });
  }
  void squared_error(Stream<T const> x, Stream<T const> target, Stream<T> dx,
                     View<Sum<T>> loss) const {
    this->at_width(this->all_even(x, target, dx), [&](auto n) {
      this->total(SquaredError<T, decltype(n)::value>{x, target, dx},
                  S(1) / static_cast<S>(x.size()), loss.data);
    });
  }
};

}  // namespace vlpt::cuda
