#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "names.hpp"
#include "range.hpp"
#include "vlpt/autodiff/learn.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

namespace vlpt::cli {

/// What a command line may call a policy, and how it is tuned unless told otherwise.
struct PolicyFacts {
  std::string_view name;
  std::string_view label;  // in tables
  std::string_view meaning;
  bool has_prompts = false;
  Index epochs = 0;
  double learning_rate = 0;
  double weight_decay = 0;  // with a few images a class; see tuning_of()
};

/// A policy that is new to the program has a line here and one in with_policy().
inline constexpr std::array<PolicyFacts, 4> policies{{
    {"none", "linear probe", "a head on frozen features", false, 100, 1e-2, 1},
    {"shallow", "shallow prompts", "prompt rows before the first layer (VPT-shallow)", true, 30,
     1e-2, 1},
    {"deep", "deep prompts", "prompt rows at every layer (VPT-deep)", true, 30, 1e-2, 1},
    {"full", "full tuning", "every weight learns", false, 20, 3e-4, 0.05},
}};

/// A policy by its name on the command line.
struct PolicyChoice {
  std::string name = "deep";
  Index prompts = 8;
  double dropout = 0;  // of the prompts
};

[[nodiscard]] inline std::vector<std::string> policy_names() {
  std::vector<std::string> out;
  for (auto const& p : policies) out.emplace_back(p.name);
  return out;
}

/// Throws InputError for a name that is not known, with the nearest ones.
[[nodiscard]] inline PolicyFacts const& policy_facts(std::string const& name) {
  require_known("policy", name, policy_names());
  for (auto const& p : policies)
    if (p.name == name) return p;
  return policies.front();
}

/// The choice with its prompt count checked; 0 where the policy has none.
[[nodiscard]] inline PolicyChoice checked(PolicyChoice choice) {
  if (!policy_facts(choice.name).has_prompts)
    choice.prompts = 0;
  else  // the command line is checked where it is read, a delta is not
    VLPT_CHECK(choice.prompts >= prompt_counts.least && choice.prompts <= prompt_counts.most,
               "the policy ", choice.name, " has ", prompt_counts.least, " to ", prompt_counts.most,
               " prompts, not ", choice.prompts);
  return choice;
}

/// Calls f(prompt policy, learning scope) with what the choice names.
template <class F>
decltype(auto) with_policy(PolicyChoice const& choice, F&& f) {
  PolicyChoice const c = checked(choice);
  if (c.name == "shallow") return f(prompt::Shallow<>{{c.prompts}, c.dropout}, learn::Policy{});
  if (c.name == "deep") return f(prompt::Deep<>{{c.prompts}, c.dropout}, learn::Policy{});
  if (c.name == "full") return f(prompt::None{}, learn::All{});
  return f(prompt::None{}, learn::Policy{});
}

}  // namespace vlpt::cli
