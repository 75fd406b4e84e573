#include "prompts.hpp"

#include "../names.hpp"

namespace vlpt::cli {

std::vector<PromptFacts> const& prompts() {
  static std::vector<PromptFacts> const known{
      {"none", "the backbone as it is"},
      {"shallow", "prompt rows before the first layer (VPT-shallow)", true},
      {"deep", "prompt rows at every layer (VPT-deep)", true},
      {"approximated", "prompts beside every attention, without its softmax (APT)", true, true},
      {"gated", "shallow prompts with gates and temperatures (GaPT)", true},
      {"shared", "deep prompts that all tasks share (MVLPT)", true},
      {"context", "rows in the texts of classes (CoOp)", true},
      {"conditional", "the same, shifted by each image (CoCoOp)", true},
      {"unified", "rows of both towers out of one small transformer (UPT)", true},
      {"lora", "low-rank corrections of queries and values", false, true},
      {"adapter", "a bottleneck behind every attention and MLP", false, false, true},
      {"parallel-adapter", "a scaled bottleneck beside every attention", false, false, true},
      {"ladder", "a narrow network beside the layers (LST)"},
      {"classifier", "nothing but a head learns"},
      {"full", "every weight learns"}};
  return known;
}

std::vector<std::string> prompt_names() {
  std::vector<std::string> names;
  for (PromptFacts const& p : prompts()) names.push_back(p.name);
  return names;
}

PromptFacts const& prompt_named(std::string const& name) {
  require_known("prompt", name, prompt_names());
  for (PromptFacts const& p : prompts())
    if (p.name == name) return p;
  return prompts().front();
}

}  // namespace vlpt::cli
