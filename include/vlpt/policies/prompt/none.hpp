#pragma once
#include "vlpt/blocks/prompt_policy.hpp"

namespace vlpt::prompt {

/// No prompts: with a head, a linear probe.
struct None {
  static constexpr std::string_view name = "none";
  static constexpr Site sites = Site::none;
};

}  // namespace vlpt::prompt
