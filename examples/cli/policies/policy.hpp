#pragma once
#include "../classifier.hpp"

namespace vlpt::cli {

/// A policy as the program sees it: what it is called, and how a classifier with it is made. Each
/// has a file of its own, so that each is compiled alone.
struct Policy {
  PolicyFacts facts;
  std::unique_ptr<Classifier> (*make)(io::ModelFolder const&, ClassifierSettings const&);
};

extern Policy const adapter, approximated, das, deep, full, gated, linear_probe, lora,
    parallel_adapter, shallow;

/// Throws InputError for a name that is not known, with the nearest ones.
[[nodiscard]] Policy const& policy_named(std::string const& name);

}  // namespace vlpt::cli
