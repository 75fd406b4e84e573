// expect: GivesAttentionOut
// A policy that declares a site and misspells the function for it.
#include <string_view>

#include "vlpt/blocks/prompt_policy.hpp"

struct Scaled {
  static constexpr std::string_view name = "scaled";
  static constexpr vlpt::Site sites = vlpt::Site::attention_out;
  int attention_output(vlpt::VisionFacts) const { return 0; }
};

static_assert(vlpt::PromptPolicy<Scaled>);
