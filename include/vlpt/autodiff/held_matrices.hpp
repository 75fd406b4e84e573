#pragma once
#include <atomic>
#include <mutex>
#include <span>
#include <vector>

#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/core/arena.hpp"
#include "vlpt/kernels/backend.hpp"

namespace vlpt {

/// A net's frozen matrices, where its backend holds them in a layout of its own (HoldsMatrices):
/// packed before the first run after a change, when their plain copy is given back, and laid out
/// plainly again before somebody reads parameters. For other backends there is nothing to do.
template <class B>
class HeldMatrices {
 public:
  using T = typename B::Scalar;

  explicit HeldMatrices(std::span<ParameterRecord<T> const> all = {}) {
    if constexpr (HoldsMatrices<B>)
      for (auto const& r : all)
        if (r.multiplies && !r.learns) matrices_.push_back(View<T const>(r.values));
  }

  /// What lies plainly was written: to be packed again.
  void change() { state_ = plain; }

  /// The backend holds them from elsewhere.
  void adopt() { state_ = packed; }

  /// Before a run; by many threads at once.
  void settle([[maybe_unused]] B const& backend) {
    if constexpr (HoldsMatrices<B>) {
      std::atomic_ref<int> const state(state_);
      if (state.load(std::memory_order_acquire) >= packed) return;
      std::lock_guard const lock(guard());
      if (state >= packed) return;
      bool const held = state == both || backend.hold(matrices_);
      if (held)
        for (auto const& m : matrices_) HostMemory::forget(m.data, m.data + m.size());
      state.store(held ? packed : declined, std::memory_order_release);
    }
  }
  /// Before parameters are read or written.
  void expose([[maybe_unused]] B const& backend) {
    if constexpr (HoldsMatrices<B>) {
      std::lock_guard const lock(guard());
      std::atomic_ref<int> const state(state_);
      if (state != packed) return;
      for (auto const& m : matrices_) backend.give(m);
      state = both;
    }
  }

 private:
  // Where the values are: row by row, unpacked again, packed alone; or the backend holds none.
  static constexpr int plain = 0, both = 1, packed = 2, declined = 3;
  static std::mutex& guard() {
    static std::mutex one;
    return one;
  }
  std::vector<View<T const>> matrices_;
  int state_ = plain;
};

}  // namespace vlpt
