#include "cases.hpp"
#include "mvlpt.hpp"
#include "mvlpt_context.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/unified.hpp"

void golden::mvlpt_upt(Recording& file, Effort effort) {
  using Prompt = vlpt::prompt::Unified<vlpt::prompt::Context<>, vlpt::prompt::Deep<>>;
  Prompt prompt{.text = context_of(file),
                .width = file.number("project_dim"),
                .no_mix = file.fact("joint_tokens_mix") != "true"};
  prompt.image.prompts = file.number("vpt_n_ctx");
  Mvlpt<Prompt>(file, prompt).follow(effort);
}
