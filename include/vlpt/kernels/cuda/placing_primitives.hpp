#pragma once
#include "vlpt/kernels/cuda/placed.hpp"
#include "vlpt/kernels/cuda/primitives.hpp"

namespace vlpt {

/// CudaPrimitives whose arrays of indices, labels, masks and tasks are the host's, and may change
/// when a call has returned: each is placed in the machine's memory.
template <class T, class M>
class PlacingPrimitives : public CudaPrimitives<T, M> {
  using Base = CudaPrimitives<T, M>;

 public:
  using Base::Base;

  void gather(Stream<T const> x, Index const* index, Stream<T> y) const {
    Base::gather(x, place(index, y.rows()), y);
  }
  void scatter_add(Stream<T const> x, Index const* index, Stream<T> y) const {
    Base::scatter_add(x, place(index, x.rows()), y);
  }
  void attend(Attention<T> const& a, Stream<T> out, T* scratch) const {
    Base::attend(placed(a), out, scratch);
  }
  void attend_reverse(Attention<T> const& a, Stream<T const> d_out, AttentionGradients<T> const& g,
                      T* scratch) const {
    Base::attend_reverse(placed(a), d_out, g, scratch);
  }
  void cross_entropy(View<T const> logits, Index const* labels, View<T const> weights,
                     View<T> d_logits, View<Sum<T>> loss) const {
    Base::cross_entropy(logits, place(labels, logits.rows), weights, d_logits, loss);
  }
  void clear_outside(Index const* first, Index const* last, T value, View<T> y) const {
    Base::clear_outside(place(first, y.rows), place(last, y.rows), value, y);
  }

 private:
  template <class U>
  [[nodiscard]] U const* place(U const* here, Index count) const {
    return this->machine().place(here, count);
  }
  [[nodiscard]] Attention<T> placed(Attention<T> const& a) const {
    return cuda::placed(a, [&](auto const* here, Index count) { return place(here, count); });
  }
};

}  // namespace vlpt
