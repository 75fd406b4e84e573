#pragma once
#include <string>
#include <vector>

namespace vlpt::cli {

/// What `vlpt cost` may call a policy, and which sizes it has.
struct PromptFacts {
  std::string name, meaning;
  bool has_prompts = false, has_rank = false, has_width = false;
};

[[nodiscard]] std::vector<PromptFacts> const& prompts();
[[nodiscard]] std::vector<std::string> prompt_names();
/// Throws InputError for a name that is not known, with the nearest ones.
[[nodiscard]] PromptFacts const& prompt_named(std::string const& name);

}  // namespace vlpt::cli
