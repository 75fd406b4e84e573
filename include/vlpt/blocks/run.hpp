#pragma once
#include "vlpt/ops/dropout.hpp"
#include "vlpt/ops/self_attention.hpp"

namespace vlpt {

/// What a block is told for one run besides its input.
template <class T>
struct BlockRun {
  Index layer = 0;
  LogicalRows rows{};      // of the block's input
  Index first_prompt = 0;  // prompt rows of the input
  Index prompts = 0;
  AttentionExtras<T> attention{};

  /// Places of dropout: sixteen for each layer.
  [[nodiscard]] constexpr std::uint64_t place(unsigned which) const {
    return static_cast<std::uint64_t>(layer) * 16 + which;
  }
};

}  // namespace vlpt
