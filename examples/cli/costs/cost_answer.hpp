#pragma once
#include <string>
#include <vector>

#include "arch_facts.hpp"
#include "cost_choice.hpp"
#include "vlpt/analysis/convention.hpp"

namespace vlpt::cli {

/// What a model costs, beside the same model without a policy and without skips.
struct CostAnswer {
  Cost cost, plain;
  Index trained = 0;  // by the policy, its skips and the head
  Index held = 0;     // by the policy and its skips: what they add to the backbone's tensors
  Index besides = 0;  // and by the family under every policy: METER's and ViLT's pooler and tables
  bool reported = false;  // a published formula that no model executes: macs and params alone
  std::string note{};     // how it was counted, where that is not by running it

  [[nodiscard]] Index macs_added() const { return cost.macs - plain.macs; }
  [[nodiscard]] double change_percent() const {
    return 100 * static_cast<double>(macs_added()) / static_cast<double>(plain.macs);
  }
};

/// A form of a policy that has several in a family; the first one is meant where none is named.
struct Variant {
  std::string name, meaning;
};
/// Those of a policy in the family of these facts; none where it has one form.
[[nodiscard]] std::vector<Variant> variants_of(ArchFacts const& facts, std::string const& prompt);

/// InputError, in the library's words, for a policy that does not fit the family.
[[nodiscard]] CostAnswer answer(ArchFacts const& facts, CostChoice const& choice,
                                Convention const& convention);

}  // namespace vlpt::cli
