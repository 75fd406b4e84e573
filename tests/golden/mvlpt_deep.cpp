#include "cases.hpp"
#include "mvlpt.hpp"
#include "vlpt/policies/prompt/deep.hpp"

void golden::mvlpt_vpt_deep(Recording& file, Effort effort) {
  vlpt::prompt::Deep<> prompt;
  prompt.prompts = file.number("vpt_n_ctx");
  Mvlpt<vlpt::prompt::Deep<>>(file, prompt).follow(effort);
}
