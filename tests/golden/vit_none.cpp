#include "cases.hpp"
#include "vit.hpp"

void golden::vit_none(Recording& file, Effort effort) {
  using vlpt::prompt::None;
  if (file.fact("activation") == "quick_gelu")
    Vit<vlpt::QuickGelu, None>(file).follow(effort);
  else
    Vit<vlpt::Gelu, None>(file).follow(effort);
}
