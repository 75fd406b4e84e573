#pragma once
#include "../classifier.hpp"

namespace vlpt::cli {

/// A policy as the program sees it: what it is called, how a classifier with it is made, and what a
/// model with it costs. Each has a file of its own, so that each is compiled alone.
struct Policy {
  PolicyFacts facts;
  std::unique_ptr<Classifier> (*make)(io::ModelFolder const&, ClassifierSettings const&);
  Cost (*cost)(VisionFacts const&, PolicyChoice const&, Index head, Index batch);
};

extern Policy const adapter, approximated, das, deep, full, gated, linear_probe, lora,
    parallel_adapter, shallow;

/// Throws InputError for a name that is not known, with the nearest ones.
[[nodiscard]] Policy const& policy_named(std::string const& name);

}  // namespace vlpt::cli
