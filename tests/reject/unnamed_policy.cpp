// expect: HasName
// A policy without a name.
#include "vlpt/blocks/prompt_policy.hpp"

struct Nameless {
  static constexpr vlpt::Site sites = vlpt::Site{};
};

static_assert(vlpt::PromptPolicy<Nameless>);
