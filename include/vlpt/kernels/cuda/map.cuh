#pragma once
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/cuda/scalar.cuh"

namespace vlpt::cuda {

/// Where an element lies in its stream.
struct Place {
  Index sample, row, column;
};

/// y = f(y, x, z, place) for every element, N at a time. F says how many of x and z it reads
/// (F::inputs) and whether it reads y (F::reads); a sample or row that is repeated has stride 0.
template <class T, int N, class F>
struct Map {
  using S = Sum<T>;
  F f;
  Stream<T const> x, z;
  Stream<T> y;

  [[nodiscard]] constexpr Index count() const { return y.size() / N; }
  constexpr void operator()(Index i) const {
    Index const across = y.dim / N, row = i / across;
    Place p{row / y.tokens, row % y.tokens, i % across * N};
    T* const to = element(y, p);
    Values<S, N> old{}, first{}, second{};
    if constexpr (F::reads) old = load<N>(to);
    if constexpr (F::inputs > 0) first = load<N>(element(x, p));
    if constexpr (F::inputs > 1) second = load<N>(element(z, p));
    for (int k = 0; k < N; ++k, ++p.column) old[k] = f(old[k], first[k], second[k], p);
    store<N>(to, old);
  }

 private:
  template <class U>
  static constexpr U* element(Stream<U> const& s, Place const& p) {
    return s.data + p.sample * s.batch_stride + p.row * s.stride + p.column;
  }
};

}  // namespace vlpt::cuda
