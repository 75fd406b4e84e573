#pragma once
#include "vlpt/blocks/run.hpp"
#include "vlpt/blocks/shared_prefix.hpp"
#include "vlpt/blocks/stack_run.hpp"

namespace vlpt {

/// What layer l of a stack is told in a run, where it reads `in` rows and gives `out`; prompt_mask
/// (batch, run.tokens) is read where prompt rows stand among them.
template <class T>
[[nodiscard]] constexpr BlockRun<T> layer_run(StackRun const& run, Index l, Index in, Index out,
                                              unsigned char const* prompt_mask,
                                              SharedPrefix<T> const& prefix) {
  bool const present = in == run.tokens;  // prompt rows stand in the stream, or leave a gap
  Index const first = run.first_prompt, read = run.read.first;
  BlockRun<T> b{.layer = run.first_layer + l};
  b.rows = {.all = run.tokens,
            .first = 0,
            .gap_at = present ? run.tokens : first,
            .gap = present ? 0 : run.prompts};
  b.first_prompt = first;
  b.prompts = present ? run.prompts : 0;
  prefix.give(l, b.attention);
  b.attention.key_mask = b.prompts > 0 ? prompt_mask : run.mask;
  if (out != in) b.attention.first_query = present || read < first ? read : read - run.prompts;
  return b;
}

}  // namespace vlpt
