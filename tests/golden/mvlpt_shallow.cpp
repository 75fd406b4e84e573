#include "cases.hpp"
#include "mvlpt.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

void golden::mvlpt_vpt_shallow(Recording& file, Effort effort) {
  vlpt::prompt::Shallow<> prompt;
  prompt.prompts = file.number("vpt_n_ctx");
  Mvlpt<vlpt::prompt::Shallow<>>(file, prompt).follow(effort);
}
