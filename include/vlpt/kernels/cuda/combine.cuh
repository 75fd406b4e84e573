#pragma once
#include "vlpt/kernels/cuda/scalar.cuh"

namespace vlpt::cuda {

/// How two threads of a group combine what they keep: both get the same, whoever asks.
struct Add {
  template <class S>
  constexpr S operator()(S a, S b) const {
    return a + b;
  }
  template <class S, int N>
  constexpr Values<S, N> operator()(Values<S, N> a, Values<S, N> const& b) const {
    for (int i = 0; i < N; ++i) a[i] += b[i];
    return a;
  }
};
struct Larger {
  template <class S>
  constexpr S operator()(S a, S b) const {
    return larger(a, b);
  }
  template <class S, int N>
  constexpr Values<S, N> operator()(Values<S, N> a, Values<S, N> const& b) const {
    for (int i = 0; i < N; ++i) a[i] = larger(a[i], b[i]);
    return a;
  }
};

}  // namespace vlpt::cuda
