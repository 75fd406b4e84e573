#pragma once
#include <benchmark/benchmark.h>

#include <vector>

#include "vlpt/core/random.hpp"
#include "vlpt/core/tensor.hpp"

namespace rate {

using vlpt::Index;

/// Shows multiply-accumulates of one iteration as GFLOP/s of wall time.
inline void macs(benchmark::State& state, Index each) {
  state.counters["GFLOP/s"] = benchmark::Counter(2e-9 * static_cast<double>(each),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}
/// Shows bytes read and written by one iteration as GB/s of wall time.
inline void bytes(benchmark::State& state, Index each) {
  state.counters["GB/s"] = benchmark::Counter(1e-9 * static_cast<double>(each),
                                              benchmark::Counter::kIsIterationInvariantRate);
}
/// Normal values, the same in every run.
[[nodiscard]] inline vlpt::Tensor<float> normal(vlpt::Shape shape, std::uint64_t seed = 1) {
  vlpt::Tensor<float> t(shape);
  vlpt::Random const random{seed};
  for (Index i = 0; i < t.size(); ++i)
    t[i] = static_cast<float>(random.normal(static_cast<std::uint64_t>(i)));
  return t;
}

}  // namespace rate
