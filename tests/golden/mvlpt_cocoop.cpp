#include "cases.hpp"
#include "mvlpt.hpp"
#include "vlpt/policies/prompt/conditional.hpp"

void golden::mvlpt_cocoop(Recording& file, Effort effort) {
  vlpt::prompt::Conditional<> prompt;
  prompt.prompts = file.number("cocoop_n_ctx");
  Mvlpt<vlpt::prompt::Conditional<>>(file, prompt).follow(effort);
}
