#pragma once
#include <array>
#include <cstring>

#include "vlpt/kernels/cuda/combine.cuh"
#include "vlpt/kernels/cuda/host_copies.hpp"
#include "vlpt/kernels/cuda/host_units.hpp"

namespace vlpt::cuda {

/// In which order the emulation goes through the threads of a phase and the blocks of a grid.
enum class Order { forward, backward, shuffled };

/// The i-th of n in an order; for shuffled, n is no multiple of the step, which is prime.
[[nodiscard]] constexpr Index in_order(Order order, Index i, Index n) {
  constexpr Index step = 1000003;
  if (order == Order::forward || n % step == 0) return i;
  return order == Order::backward ? n - 1 - i : (i * step + n / 3) % n;
}

/// A block of threads on the host: one loop a phase, so a value that a thread takes from another
/// one within a phase is wrong in one of the orders.
template <int threads>
class HostBlock : public HostUnits {
 public:
  HostBlock(Index index, Order order) : index_(index), order_(order) {}

  [[nodiscard]] constexpr Index index() const { return index_; }
  template <class F>
  constexpr void each(F const& f) const {
    for (Index i = 0; i < threads; ++i) f(static_cast<int>(in_order(order_, i, threads)));
  }
  template <class F>
  constexpr void alone(F const& f) const {
    each(f);
  }
  constexpr void wait() const {}
  void bring(void* to, void const* from) const { copies_.ask(to, from); }
  void arrived() const { copies_.make(); }

  template <class U>
  class Kept {
   public:
    Kept() { std::memset(static_cast<void*>(at_.data()), 0xff, sizeof at_); }  // NaN
    constexpr U& operator[](int thread) { return at_[static_cast<std::size_t>(thread)]; }
    constexpr U const& operator[](int thread) const {
      return at_[static_cast<std::size_t>(thread)];
    }

   private:
    std::array<U, threads> at_;
  };
  template <class U>
  [[nodiscard]] Kept<U> kept() const {
    return {};
  }
  template <int width, class U>
  constexpr void sum(Kept<U>& kept) const {
    combine<width>(kept, Add{});
  }
  template <int width, class U>
  constexpr void max(Kept<U>& kept) const {
    combine<width>(kept, Larger{});
  }
  template <int M, int N, int K, class L, class A, class B, class P>
  constexpr void multiply(L const& reach, A const& left, B const& right, P const& sum) const {
    static_assert(threads % lanes == 0);
    for (int first = 0; first < threads; first += lanes) {
      Reach const wanted = reach(first);
      for (int k = 0; k < K && k < wanted.k; ++k)
        for (int m = 0; m < M && m < wanted.m; ++m) {
          Tile a{}, b{};
          for (int lane = 0; lane < lanes; ++lane) put_left(left(first + lane, m, k), lane, a);
          for (int n = 0; n < N && n < wanted.n; ++n) {
            for (int lane = 0; lane < lanes; ++lane) put_right(right(first + lane, n, k), lane, b);
            for (int lane = 0; lane < lanes; ++lane)
              HostUnits::multiply(a, b, lane, sum(first + lane, m, n));
          }
        }
    }
  }

 private:
  /// The butterfly of a warp: at each step a thread combines its value with its partner's.
  template <int width, class U, class F>
  static constexpr void combine(Kept<U>& kept, F const& f) {
    static_assert(threads % width == 0 && 32 % width == 0);
    for (int apart = width / 2; apart > 0; apart /= 2) {
      Kept<U> const before = kept;
      for (int t = 0; t < threads; ++t) kept[t] = f(before[t], before[t ^ apart]);
    }
  }

  Index index_;
  Order order_;
  HostCopies copies_;
};

/// Runs kernels of kernels/cuda on the host, block after block, with memory of blocks and threads
/// that is full of NaN at first: the device's arithmetic and geometry where there is no device.
class HostGrid {
 public:
  explicit HostGrid(Order order = Order::forward) : order_(order) {}

  template <class K>
  void launch(K const& kernel) const {
    Index const n = kernel.blocks();
    typename K::Shared shared;
    for (Index i = 0; i < n; ++i) {
      std::memset(static_cast<void*>(&shared), 0xff, sizeof shared);
      kernel(HostBlock<K::threads>(in_order(order_, i, n), order_), shared);
    }
  }

 private:
  Order order_;
};

}  // namespace vlpt::cuda
