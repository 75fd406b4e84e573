#pragma once
#include "vlpt/blocks/facts.hpp"

namespace vlpt {

/// Which rows the last layer has to give, in the places of the whole sequence.
struct RowRange {
  Index first = 0;
  Index count = 0;
  /// Whether it has a row of [begin, begin + n).
  [[nodiscard]] constexpr bool meets(Index begin, Index n) const {
    return first < begin + n && first + count > begin;
  }
};

/// What a stack is told for one run.
struct StackRun {
  Index tokens = 0;        // rows of the whole sequence, prompts included
  Index first_prompt = 1;  // where prompt rows stand: 1 behind the class row, 0 in front
  Index prompts = 0;
  RowRange read{};        // rows that are read after the last layer
  Index first_layer = 0;  // the number of the stack's first layer, among those of the whole model
  // 0 hides a row from every query, null hides none. Prompt rows are never hidden.
  unsigned char const* mask = nullptr;  // (batch, tokens - prompts)
  unsigned char const* prompt_mask =
      nullptr;  // (batch, tokens): the same with the prompt rows in it
};

/// A sequence [class; prompts; patches] of which the pooling of these facts reads its rows.
[[nodiscard]] constexpr StackRun stack_run(VisionFacts const& f, Index prompts) {
  Index const n = f.patches();
  StackRun run{.tokens = 1 + prompts + n, .first_prompt = 1, .prompts = prompts};
  switch (f.pool) {
    case Pool::class_row:
      run.read = {0, 1};
      break;
    case Pool::mean_all:
      run.read = {1, prompts + n};
      break;
    case Pool::mean_image:
      run.read = {1 + prompts, n};
      break;
    case Pool::mean_prompts:
      run.read = {1, prompts};
      break;
  }
  return run;
}

}  // namespace vlpt
