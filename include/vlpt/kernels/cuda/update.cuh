#pragma once
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/cuda/scalar.cuh"

namespace vlpt::cuda {

/// law(v, g, m, s) for each of n elements; g, m and s may be null, which are zeros that nothing
/// remembers. Where master is not null it is what v was rounded from, unless v was written since.
template <class T, int N, class Law>
struct Update {
  using S = Sum<T>;
  Law law;
  Index n;
  T* v;
  S* master;
  T const* g;
  S* m;
  S* s;

  [[nodiscard]] constexpr Index count() const { return n / N; }
  constexpr void operator()(Index i) const {
    Index const at = i * N;
    Values<S, N> value = load<N>(v + at), slope{}, first{}, second{};
    if (master != nullptr) {
      auto const exact = load<N>(master + at);
      for (int k = 0; k < N; ++k)
        if (static_cast<S>(static_cast<T>(exact[k])) == value[k]) value[k] = exact[k];
    }
    if (g != nullptr) slope = load<N>(g + at);
    if (m != nullptr) first = load<N>(m + at);
    if (s != nullptr) second = load<N>(s + at);
    for (int k = 0; k < N; ++k) law(value[k], slope[k], first[k], second[k]);
    store<N>(v + at, value);
    if (master != nullptr) store<N>(master + at, value);
    if (m != nullptr) store<N>(m + at, first);
    if (s != nullptr) store<N>(s + at, second);
  }
};

}  // namespace vlpt::cuda
