#pragma once
#include "vlpt/blocks/stack_run.hpp"
#include "vlpt/core/error.hpp"

namespace vlpt {

/// Throws InputError if a model reads prompt rows that not every task has.
template <class Source>
constexpr void check_read(Source const& source, StackRun const& run) {
  if constexpr (requires { source.fewest(); })
    if (source.fewest() < source.count &&
        run.read.meets(run.first_prompt + source.fewest(), source.count - source.fewest()))
      throw InputError(text("this model reads every prompt row, and the tasks have ",
                            source.fewest(), " to ", source.count,
                            " of them: give each task as many, or pool without prompts"));
}

}  // namespace vlpt
