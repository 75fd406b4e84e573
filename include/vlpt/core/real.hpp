#pragma once
#include <concepts>
#include <limits>

#include "vlpt/core/bf16.hpp"

namespace vlpt {

/// What the values of a net may be.
template <class T>
concept Real = std::floating_point<T> || std::same_as<T, bf16>;

template <class T>
struct SumOf {
  using type = T;
};
template <>
struct SumOf<bf16> {
  using type = float;
};
/// What values of T are computed in, add up in, and are remembered in from step to step.
template <class T>
using Sum = typename SumOf<T>::type;

/// Below every value. std::numeric_limits knows no halves.
template <Real T>
inline constexpr T minus_infinity = T(-std::numeric_limits<Sum<T>>::infinity());

}  // namespace vlpt
