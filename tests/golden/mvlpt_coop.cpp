#include "cases.hpp"
#include "mvlpt.hpp"
#include "mvlpt_context.hpp"

void golden::mvlpt_coop(Recording& file, Effort effort) {
  Mvlpt<vlpt::prompt::Context<>>(file, context_of(file)).follow(effort);
}
