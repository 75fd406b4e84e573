#pragma once
#include <span>

#include "vlpt/autodiff/room.hpp"
#include "vlpt/core/real.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// What losses add up to, in a backend's memory: read when a step has ended, so that nobody waits
/// in the middle of it.
template <class T, class B>
class LossSum {
  using S = Sum<T>;

 public:
  /// Zero, where losses are added.
  [[nodiscard]] View<S> start(auto const& backend) {
    View<S> const sum(sum_.reserve(1), 1, 1);
    constexpr Index values = sizeof(S) / sizeof(T);  // halves of zero are a float of zero
    backend.fill(Stream<T>(reinterpret_cast<T*>(sum.data), 1, 1, values), T(0));
    return sum;
  }
  [[nodiscard]] S value(auto const& backend) const {
    S value;
    fetch(backend, static_cast<S const*>(sum_.data()), std::span(&value, 1));
    return value;
  }

 private:
  Room<S, B> sum_;
};

}  // namespace vlpt
