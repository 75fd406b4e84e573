#include "../option.hpp"
#include "policy.hpp"

namespace vlpt::cli {
namespace {

using List = std::vector<Policy const*>;

// In the order in which help shows them.
List const& of_towers() {
  static List const list{&linear_probe, &shallow,          &deep, &approximated, &gated, &lora,
                         &adapter,      &parallel_adapter, &das,  &full};
  return list;
}
List const& of_dual_encoders() {
  static List const list{&dual_none, &dual_context,      &dual_conditional, &dual_unified,
                         &dual_deep, &dual_approximated, &dual_gated,       &dual_lora};
  return list;
}
List all() {
  List out = of_towers();
  out.insert(out.end(), of_dual_encoders().begin(), of_dual_encoders().end());
  return out;
}

Policy const* find(List const& list, std::string const& name) {
  auto const at =
      std::ranges::find_if(list, [&](Policy const* p) { return p->facts.name == name; });
  return at == list.end() ? nullptr : *at;
}
std::vector<std::string> names(List const& list) {
  std::vector<std::string> out;
  for (Policy const* p : list)
    if (std::ranges::find(out, p->facts.name) == out.end()) out.emplace_back(p->facts.name);
  return out;
}

}  // namespace

std::vector<std::string> policy_names() { return names(all()); }

Policy const& policy_named(std::string const& name, io::ModelFolder const& folder) {
  require_known("policy", name, policy_names());
  List const& own =
      std::holds_alternative<io::DualFamily>(folder.family) ? of_dual_encoders() : of_towers();
  Policy const* const found = find(own, name);
  VLPT_CHECK(found != nullptr, "the policy ", name, " is not for ", io::family_name(folder.family),
             ", which ", folder.path.string(), " holds; these are: ", listed(names(own)));
  return *found;
}

PolicyFacts const& policy_facts(std::string const& name) {
  require_known("policy", name, policy_names());
  return find(all(), name)->facts;
}
PolicyFacts const& policy_facts(std::string const& name, io::ModelFolder const& folder) {
  return policy_named(name, folder).facts;
}

PolicyChoice checked(PolicyChoice choice) {
  PolicyFacts const& facts = policy_facts(choice.name);
  auto const check = [&](bool has, Index& size, Range<Index> range, std::string_view what) {
    if (!has) size = 0;
    VLPT_CHECK(!has || (size >= range.least && size <= range.most), "the policy ", choice.name,
               " has ", range.least, " to ", range.most, ' ', what, ", not ", size);
  };
  check(facts.has_prompts, choice.prompts, prompt_counts, "prompts");
  check(facts.has_rank, choice.rank, ranks, "as its rank");
  check(facts.has_width, choice.width, widths, "as its width");
  check(facts.has_skip, choice.shortcut, widths, "as its short-cuts' width");
  if (!facts.has_skip) choice.skip.clear();
  return choice;
}

void require_sizes(CLI::App const& command, std::string const& option, std::string const& policy) {
  PolicyFacts const& facts = policy_facts(policy);
  auto const require = [&](char const* size, bool has, char const* what) {
    require_effect(command, size, has, text("with ", option, ' ', policy, ", which has no ", what));
  };
  require("--prompts", facts.has_prompts, "prompt rows");
  require("--rank", facts.has_rank, "low-rank correction");
  require("--width", facts.has_width, "adapters");
  require("--shortcut", facts.has_skip, "skipped layers");
  require("--skip", facts.has_skip, "skipped layers");
}

}  // namespace vlpt::cli
