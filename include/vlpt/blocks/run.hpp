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
  bool unread = false;  // whether nobody reads the block's output: what its reverse needs is wanted
  AttentionExtras<T> attention{};
  AttentionExtras<T> cross{};  // of the attention to another stream, with that stream

  /// The run of rows [first, first + count) of this one's: where their prompts stand.
  [[nodiscard]] constexpr BlockRun part(Index first, Index count) const {
    Index const begin = first_prompt > first ? first_prompt : first;
    Index const end =
        first_prompt + prompts < first + count ? first_prompt + prompts : first + count;
    return {.layer = layer,
            .rows = rows.from(first),
            .first_prompt = begin - first,
            .prompts = end > begin ? end - begin : 0,
            .cross = cross};
  }
  /// Places of dropout: sixteen for each layer.
  [[nodiscard]] constexpr std::uint64_t place(unsigned which) const {
    return static_cast<std::uint64_t>(layer) * 16 + which;
  }
};

}  // namespace vlpt
