#pragma once
#include "vlpt/core/view.hpp"

namespace vlpt::cuda {

// How kernels are written. A kernel is a struct of views with
//   static constexpr int threads;  struct Shared;  Index blocks() const;
//   static constexpr int resident;   blocks that share a processor: fewer registers, if it is there
//   template <class Block> constexpr void operator()(Block const& block, Shared& shared) const;
// in ordinary C++: nvcc compiles constexpr functions for the device as well, and the host runs the
// same text (host_grid.hpp). A body talks to its block alone:
//   block.index()              the number of the block
//   block.each(f)              f(thread) for every thread, and then all have done so
//   block.alone(f)             the same without the wait: f touches nothing of another thread
//   block.kept<U>()            a value for each thread: kept[thread], a register on the device
//   block.sum<width>(kept)     kept[thread] becomes the sum over its group of `width` threads, by
//   block.max<width>(kept)     the same tree of additions on host and device; also their maximum
//   block.wait()               what the threads did so far, all have done
// and, for the matrix units (matrix_units.cuh), where warps work for themselves:
//   block.multiply<M, N, K>(reach, left, right, sum)   sum(thread, m, n) += left(thread, m, k)
//                              times right(thread, n, k), for reach(thread) of M, N and K tiles
//   block.left(p, pitch, lane), .right(...), .right_turned(...), .pair(low, high)   its factors
//   block.bring(to, from)      16 bytes to shared memory, which need not be there before
//   block.arrived()            what every thread brought; a wait(), too
//   block.power_of_two(x)      2^x, to the last bits of float; below 2^-126 it may be 0

/// The shared memory of a kernel that has none.
struct NoShared {};

/// A kernel of elements: f(i) for every i of f.count(), in any order.
template <class F>
struct Each {
  using Shared = NoShared;
  static constexpr int threads = 256;
  F f;
  [[nodiscard]] constexpr Index blocks() const { return (f.count() + threads - 1) / threads; }
  template <class Block>
  constexpr void operator()(Block const& block, Shared&) const {
    block.alone([&](int thread) {
      Index const i = block.index() * threads + thread;
      if (i < f.count()) f(i);
    });
  }
};

}  // namespace vlpt::cuda
