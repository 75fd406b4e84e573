#include "cases.hpp"
#include "vilt.hpp"
#include "vlpt/policies/prompt/deep.hpp"

void golden::vilt_deep(Recording& file, Effort effort) {
  Vilt<vlpt::prompt::Deep<>>(file, {.rules = {{"prompt.rows", {"prompt"}}}}).follow(effort);
}
