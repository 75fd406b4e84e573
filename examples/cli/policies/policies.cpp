#include "../option.hpp"
#include "policy.hpp"

namespace vlpt::cli {
namespace {

/// In the order in which help shows them.
std::vector<Policy const*> const& all() {
  static std::vector<Policy const*> const list{&linear_probe, &shallow, &deep,    &approximated,
                                               &gated,        &lora,    &adapter, &parallel_adapter,
                                               &das,          &full};
  return list;
}

}  // namespace

std::vector<PolicyFacts> const& policies() {
  static std::vector<PolicyFacts> const facts = [] {
    std::vector<PolicyFacts> out;
    for (Policy const* p : all()) out.push_back(p->facts);
    return out;
  }();
  return facts;
}

std::vector<std::string> policy_names() {
  std::vector<std::string> out;
  for (PolicyFacts const& p : policies()) out.emplace_back(p.name);
  return out;
}

Policy const& policy_named(std::string const& name) {
  require_known("policy", name, policy_names());
  for (Policy const* p : all())
    if (p->facts.name == name) return *p;
  return *all().front();
}

PolicyFacts const& policy_facts(std::string const& name) { return policy_named(name).facts; }

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
