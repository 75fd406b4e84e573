#pragma once
#include <string>
#include <vector>

#include "vlpt/io/named_values.hpp"
#include "vlpt/io/prompt_file/prompt_kind.hpp"
#include "vlpt/io/prompt_file/prompt_tensors.hpp"

namespace vlpt::io {

/// What the user says of a prompt file because it does not say so itself.
struct PromptChoices {
  std::string place{};     // of a context in a text: end, front, middle; none: as the code has it
  std::string skip{};      // DAS: the layers of the plan, as 4,5,10,11
  bool has_skip = false;   // whether there is a plan: one that skips nothing is one
  Index task = -1;         // of a file of several
  double temperature = 1;  // GaPT: of attentions that learn none
  bool mix = false;        // UPT: whether its rows attend to one another, as in the paper
};

/// A prompt file in vlpt's own terms: the tensors of a delta, and what the delta says of them.
struct ConvertedPrompt {
  PromptKind kind = PromptKind::unknown;
  std::string policy{}, method{};    // "deep"; what the program calls it
  NamedValues settings{};            // as policy_settings() of the policy
  NamedValues model{};               // facts of the model that this file changes: skip, images
  std::vector<std::string> skips{};  // parts of the model that are left out: "layers.4."
  PromptTensors tensors{};
  std::vector<SetAside> aside{};
  std::vector<std::string> notes{};  // what a reader should know of it
};

}  // namespace vlpt::io
