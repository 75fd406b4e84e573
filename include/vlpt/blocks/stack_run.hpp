#pragma once
#include "vlpt/blocks/facts.hpp"

namespace vlpt {

/// Which rows the last layer has to give, in the places of the whole sequence.
struct RowRange {
  Index first = 0;
  Index count = 0;
};

/// What a stack is told for one run.
struct StackRun {
  Index tokens = 0;   // rows of the whole sequence, prompts included
  Index prompts = 0;  // prompt rows, behind row 0
  RowRange read{};    // rows that are read after the last layer
};

/// A sequence [class; prompts; patches] of which the pooling of these facts reads its rows.
[[nodiscard]] constexpr StackRun stack_run(VisionFacts const& f, Index prompts) {
  Index const n = f.patches();
  StackRun run{.tokens = 1 + prompts + n, .prompts = prompts};
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
