#pragma once
#include <string>

#include "vlpt/io/policy_settings.hpp"

namespace vlpt {

/// A policy and its sizes as people read them: "approximated (prompts 200, rank 4)".
template <class Policy>
[[nodiscard]] std::string policy_text(Policy const& policy) {
  std::string sizes;
  for (auto const& [name, value] : io::policy_settings(policy))
    if (!value.empty() && value[0] >= '0' && value[0] <= '9')
      sizes += (sizes.empty() ? "" : ", ") + name + ' ' + value;
  return std::string(Policy::name) + (sizes.empty() ? "" : " (" + sizes + ')');
}

/// A model as people read it: "vilt-b32, deep (prompts 200)".
template <class Model>
[[nodiscard]] std::string model_name(typename Model::Settings const& settings) {
  std::string out(Model::ArchType::name);
  out += ", " + policy_text(settings.prompt);
  if (Model::SkipType::name != "dense") out += ", " + policy_text(settings.skip);
  return out;
}

}  // namespace vlpt
