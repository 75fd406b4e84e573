#pragma once
#include <cmath>
#include <limits>

#include "vlpt/core/real.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt::cuda {

/// Elements of 16 bytes: what a thread reads or writes at once.
template <class T>
inline constexpr int wide = 16 / static_cast<int>(sizeof(T));

/// N elements that lie side by side, aligned so that they are read at once.
template <class T, int N>
struct alignas(N * sizeof(T) < 16 ? N * sizeof(T) : 16) Pack {
  T at[N];
};

/// N values of a thread.
template <class S, int N>
struct Values {
  S at[N];
  constexpr S& operator[](int i) { return at[i]; }
  constexpr S const& operator[](int i) const { return at[i]; }
};

/// requires p: aligned as a Pack<T, N>.
template <int N, class T>
[[nodiscard]] constexpr Values<Sum<T>, N> load(T const* p) {
  auto const pack = *static_cast<Pack<T, N> const*>(static_cast<void const*>(p));
  Values<Sum<T>, N> v{};
  for (int i = 0; i < N; ++i) v[i] = static_cast<Sum<T>>(pack.at[i]);
  return v;
}
/// requires p: aligned as a Pack<T, N>.
template <int N, class T>
constexpr void store(T* p, Values<Sum<T>, N> const& v) {
  Pack<T, N> pack{};
  for (int i = 0; i < N; ++i) pack.at[i] = static_cast<T>(v[i]);
  *static_cast<Pack<T, N>*>(static_cast<void*>(p)) = pack;
}

/// The larger one; b where they can not be compared and b is no number.
template <class S>
[[nodiscard]] constexpr S larger(S a, S b) {
  return a > b ? a : b;
}
template <class S>
inline constexpr S least = -std::numeric_limits<S>::infinity();

}  // namespace vlpt::cuda
