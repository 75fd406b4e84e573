#pragma once
#include <algorithm>
#include <vector>

#include "vlpt/core/random.hpp"

namespace vlpt {

/// Which patches of a batch a masked autoencoder sees: for every sample a random subset, each list
/// in raster order. A function of the random numbers alone, so a trainer can draw the same one.
struct Masking {
  std::vector<Index> kept;    // (batch, keep): patch indices
  std::vector<Index> masked;  // (batch, patches - keep)

  void draw(Random random, Index batch, Index patches, Index keep) {
    kept.resize(static_cast<std::size_t>(batch * keep));
    masked.resize(static_cast<std::size_t>(batch * (patches - keep)));
    order_.resize(static_cast<std::size_t>(patches));
    for (Index b = 0; b < batch; ++b) {
      Random const mine = random.fork(static_cast<std::uint64_t>(b));
      for (Index i = 0; i < patches; ++i) order_[static_cast<std::size_t>(i)] = i;
      for (Index i = patches - 1; i > 0; --i)
        std::swap(
            order_[static_cast<std::size_t>(i)],
            order_[static_cast<std::size_t>(mine.below(static_cast<std::uint64_t>(i), i + 1))]);
      auto const middle = order_.begin() + keep;
      std::sort(order_.begin(), middle);
      std::sort(middle, order_.end());
      std::copy(order_.begin(), middle, kept.begin() + b * keep);
      std::copy(middle, order_.end(), masked.begin() + b * (patches - keep));
    }
  }

 private:
  std::vector<Index> order_;
};

}  // namespace vlpt
