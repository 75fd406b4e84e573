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
  RowRange read{};  // rows that are read after the last layer
  // Whether a layer's own rows leave the stream behind its attention, as in the code of APT, and
  // not at the next layer, as in that of VPT. Under rows::All this is what runs; numbers are the
  // same.
  bool own_rows_leave = false;
  Index first_layer = 0;  // the number of the stack's first layer, among those of the whole model
  Index entered = 0;      // layers that ran before: the input is what they gave
  // 0 hides a row from every query, null hides none. Prompt rows are never hidden.
  unsigned char const* mask = nullptr;  // (batch, tokens - prompts)
  unsigned char const* prompt_mask =
      nullptr;  // (batch, tokens): the same with the prompt rows in it

  /// Whether a prompt row is read after the last layer.
  [[nodiscard]] constexpr bool reads_prompts() const { return read.meets(first_prompt, prompts); }
};

/// A sequence of the class row, prompts where these facts place them, and patches, of which their
/// pooling reads its rows.
[[nodiscard]] constexpr StackRun stack_run(VisionFacts const& f, Index prompts) {
  Index const n = f.patches();
  bool const front = f.place == PromptPlace::front, end = f.place == PromptPlace::end;
  Index const class_row = front ? prompts : 0, image = end ? 1 : 1 + prompts;
  StackRun run{.tokens = 1 + prompts + n,
               .first_prompt = front ? 0
                               : end ? 1 + n
                                     : 1,
               .prompts = prompts};
  switch (f.pool) {
    case Pool::class_row:
      run.read = {class_row, 1};
      break;
    case Pool::mean_all:
      run.read = {1, prompts + n};
      break;
    case Pool::mean_image:
      run.read = {image, n};
      break;
    case Pool::mean_prompts:
      run.read = {run.first_prompt, prompts};
      break;
  }
  return run;
}

}  // namespace vlpt
