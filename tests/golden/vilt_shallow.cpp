#include "cases.hpp"
#include "vilt.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

void golden::vilt_shallow(Recording& file, Effort effort) {
  Vilt<vlpt::prompt::Shallow<>>(file, {.rules = {{"prompt.rows", {"prompt"}}}}).follow(effort);
}
