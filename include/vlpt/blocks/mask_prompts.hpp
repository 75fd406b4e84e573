#pragma once
#include <algorithm>

#include "vlpt/blocks/given_rows.hpp"
#include "vlpt/blocks/stack_run.hpp"

namespace vlpt {

/// The mask (batch, run.tokens) of a sequence with its prompt rows, in which a sample sees those of
/// its own task and none that only pad them; run.prompt_mask where all tasks have equally many.
template <class B, class T>
[[nodiscard]] constexpr unsigned char const* mask_prompts(Context<B>& c, GivenRows<T> const& given,
                                                          Index batch, StackRun const& run) {
  if (given.counts == nullptr) return run.prompt_mask;
  auto* const mask = c.tape.template allocate<unsigned char>(batch * run.tokens);
  if (mask == nullptr) return nullptr;
  Index const before = run.first_prompt, behind = run.tokens - before - run.prompts;
  for (Index b = 0; b < batch; ++b) {
    unsigned char* to = mask + b * run.tokens;
    auto const copy = [&](Index first, Index n) {
      if (run.mask == nullptr)
        std::fill_n(to, n, static_cast<unsigned char>(1));
      else
        std::copy_n(run.mask + b * (before + behind) + first, n, to);
      to += n;
    };
    copy(0, before);
    for (Index i = 0; i < run.prompts; ++i) *to++ = i < given.counts[c.tasks[b]] ? 1 : 0;
    copy(before, behind);
  }
  return mask;
}

}  // namespace vlpt
