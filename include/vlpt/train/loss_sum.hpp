#pragma once
#include <span>

#include "vlpt/autodiff/room.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// What losses add up to, in a backend's memory: read when a step has ended, so that nobody waits
/// in the middle of it.
template <class T, class B>
class LossSum {
 public:
  /// Zero, where losses are added.
  [[nodiscard]] View<T> start(auto const& backend) {
    View<T> const sum(sum_.reserve(1), 1, 1);
    backend.fill(Stream<T>(sum, 1), T(0));
    return sum;
  }
  [[nodiscard]] T value(auto const& backend) const {
    T value;
    fetch(backend, static_cast<T const*>(sum_.data()), std::span(&value, 1));
    return value;
  }

 private:
  Room<T, B> sum_;
};

}  // namespace vlpt
