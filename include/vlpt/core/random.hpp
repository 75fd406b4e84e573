#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

#include "vlpt/core/index.hpp"

namespace vlpt {

/// Counter-based random numbers (Philox 4x32-10, Salmon et al. 2011): the value is a function of
/// (seed, stream, index) alone, so it is the same for every backend, order and thread count.
struct Random {
  std::uint64_t seed = 0;
  std::uint64_t stream = 0;

  [[nodiscard]] constexpr std::array<std::uint32_t, 4> block(std::uint64_t index) const {
    std::uint32_t k0 = static_cast<std::uint32_t>(seed);
    std::uint32_t k1 = static_cast<std::uint32_t>(seed >> 32);
    std::array<std::uint32_t, 4> x{
        static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
        static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)};
    for (int round = 0; round < 10; ++round) {
      std::uint64_t const p0 = std::uint64_t{0xD2511F53} * x[0];
      std::uint64_t const p1 = std::uint64_t{0xCD9E8D57} * x[2];
      x = {static_cast<std::uint32_t>(p1 >> 32) ^ x[1] ^ k0, static_cast<std::uint32_t>(p1),
           static_cast<std::uint32_t>(p0 >> 32) ^ x[3] ^ k1, static_cast<std::uint32_t>(p0)};
      k0 += 0x9E3779B9U;
      k1 += 0xBB67AE85U;
    }
    return x;
  }
  [[nodiscard]] constexpr std::uint64_t bits(std::uint64_t index) const {
    auto const b = block(index);
    return (std::uint64_t{b[1]} << 32) | b[0];
  }
  /// Uniform in [0, 1), 53 bits.
  [[nodiscard]] constexpr double uniform(std::uint64_t index) const {
    return static_cast<double>(bits(index) >> 11) * 0x1.0p-53;
  }
  /// Standard normal (Box-Muller).
  [[nodiscard]] double normal(std::uint64_t index) const {
    auto const b = block(index);
    double const u = (static_cast<double>(b[0]) + 0.5) * 0x1.0p-32;
    double const v = (static_cast<double>(b[1]) + 0.5) * 0x1.0p-32;
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
  }
  /// Uniform integer in [0, bound); bound > 0. The bias is below 2^-32 for any bound below 2^32.
  [[nodiscard]] constexpr Index below(std::uint64_t index, Index bound) const {
    return static_cast<Index>(uniform(index) * static_cast<double>(bound));
  }
  /// Another independent sequence of the same seed.
  [[nodiscard]] constexpr Random fork(std::uint64_t id) const {
    return {seed, bits(~id) ^ (id * 0x9E3779B97F4A7C15ULL)};
  }
  /// 0 .. n-1 in random order (Fisher-Yates).
  [[nodiscard]] std::vector<Index> permutation(Index n) const {
    std::vector<Index> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), Index{0});
    for (Index i = n - 1; i > 0; --i)
      std::swap(order[static_cast<std::size_t>(i)],
                order[static_cast<std::size_t>(below(static_cast<std::uint64_t>(i), i + 1))]);
    return order;
  }
};

}  // namespace vlpt
