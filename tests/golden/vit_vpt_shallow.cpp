#include "cases.hpp"
#include "vit.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

void golden::vit_vpt_shallow(Recording& file, Effort effort) {
  Vit<vlpt::Gelu, vlpt::prompt::Shallow<>>(file).follow(effort);
}
