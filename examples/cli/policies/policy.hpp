#pragma once
#include "../classifier.hpp"
#include "mixed.hpp"

namespace vlpt::cli {

/// A policy as the program sees it: what it is called, and how a classifier with it is made. Each
/// has a file of its own, so that each is compiled alone.
struct Policy {
  PolicyFacts facts;
  std::unique_ptr<Classifier> (*make)(io::ModelFolder const&, ClassifierSettings const&);
  // A net of several tasks with this policy; null where tasks cannot have it side by side.
  std::unique_ptr<Mixed> (*mix)(io::ModelFolder const&, std::vector<MixedTask> const&) = nullptr;
};

extern Policy const adapter, approximated, das, deep, full, gated, linear_probe, lora,
    parallel_adapter, shallow;
extern Policy const dual_approximated, dual_conditional, dual_context, dual_deep, dual_gated,
    dual_lora, dual_none, dual_unified;

/// The policy of that name for what the folder holds. Throws InputError for a name that is not
/// known, with the nearest ones, and for one that is for other families.
[[nodiscard]] Policy const& policy_named(std::string const& name, io::ModelFolder const& folder);

}  // namespace vlpt::cli
