#include "cases.hpp"
#include "vit.hpp"
#include "vlpt/policies/prompt/deep.hpp"

void golden::vit_vpt_deep(Recording& file, Effort effort) {
  Vit<vlpt::Gelu, vlpt::prompt::Deep<>>(file).follow(effort);
}
