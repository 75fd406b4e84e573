#pragma once
#include <algorithm>
#include <vector>

#include "vlpt/autodiff/context.hpp"
#include "vlpt/blocks/stack_run.hpp"

namespace vlpt {

/// Which rows of a sequence with its prompt rows are seen, as a cache keeps it. Where tasks have
/// unequally many, a sample sees those of its own task and none that only pad them.
struct PromptMask {
  unsigned char const* rows = nullptr;  // (batch, run.tokens), or null: all
  std::vector<unsigned char> own;       // where it is not the run's

  /// counts: prompt rows of each task; null: all of them have run.prompts.
  template <class B>
  constexpr void make(Context<B>& c, Index const* counts, Index batch, StackRun const& run) {
    rows = counts == nullptr ? run.prompt_mask : nullptr;
    if (counts == nullptr || c.tape.measuring()) return;
    own.resize(static_cast<std::size_t>(batch * run.tokens));
    Index const before = run.first_prompt, behind = run.tokens - before - run.prompts;
    for (Index b = 0; b < batch; ++b) {
      unsigned char* to = own.data() + b * run.tokens;
      auto const copy = [&](Index first, Index n) {
        if (run.mask == nullptr)
          std::fill_n(to, n, static_cast<unsigned char>(1));
        else
          std::copy_n(run.mask + b * (before + behind) + first, n, to);
        to += n;
      };
      copy(0, before);
      for (Index i = 0; i < run.prompts; ++i) *to++ = i < counts[c.tasks[b]] ? 1 : 0;
      copy(before, behind);
    }
    rows = own.data();
  }
};

}  // namespace vlpt
