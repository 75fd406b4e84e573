#pragma once
#include "vlpt/blocks/skip_policy.hpp"

namespace vlpt::skip {

/// Every layer runs.
struct Dense {
  static constexpr std::string_view name = "dense";
  template <class Block>
  using Layer = Block;
  template <class Block>
  [[nodiscard]] constexpr Block layer(Block block, VisionFacts const&, Index) const {
    return block;
  }
};

}  // namespace vlpt::skip
