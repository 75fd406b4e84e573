#include "cases.hpp"
#include "mvlpt.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/projected.hpp"

void golden::mvlpt_vpt_deep_project(Recording& file, Effort effort) {
  using Prompt = vlpt::prompt::Projected<vlpt::prompt::Deep<>>;
  Prompt prompt{.width = file.number("vpt_project")};
  prompt.inner.prompts = file.number("vpt_n_ctx");
  Mvlpt<Prompt>(file, prompt).follow(effort);
}
