#pragma once
#include <cstdint>
#include <limits>

#include "vlpt/core/skip_plan.hpp"

namespace vlpt::cli {

/// The numbers that an option takes, ends included.
template <class T>
struct Range {
  T least, most;
};

// Far past any sensible run, and small enough that no product of them overflows.
inline constexpr Range<std::uint64_t> any_seed{0, std::numeric_limits<std::uint64_t>::max()};
inline constexpr Range<Index> batch_sizes{1, 65'536};
inline constexpr Range<Index> cache_sizes{0, 1'000'000};  // MiB
inline constexpr Range<Index> epoch_counts{1, 100'000};
inline constexpr Range<Index> image_counts{0, 1'000'000'000};
inline constexpr Range<Index> layer_counts{1, SkipPlan::max_depth};
inline constexpr Range<Index> prompt_counts{1, 4096};
inline constexpr Range<Index> ranks{1, 4096};
inline constexpr Range<Index> widths{1, 65'536};
inline constexpr Range<double> learning_rates{1e-12, 1e3};

}  // namespace vlpt::cli
