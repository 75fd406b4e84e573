#include "cases.hpp"
#include "vit.hpp"
#include "vlpt/policies/prompt/gated.hpp"

void golden::vit_gapt(Recording& file, Effort effort) {
  using vlpt::dynamic;
  using vlpt::prompt::Gated;
  using vlpt::prompt::GatedParts;
  bool const gates = file.fact("gate_prior") == "true", learns = file.fact("temp_learn") == "true";
  if (gates && learns)
    Vit<vlpt::Gelu, Gated<>>(file).follow(effort);
  else if (gates)
    Vit<vlpt::Gelu, Gated<dynamic, GatedParts::gates>>(file).follow(effort);
  else
    Vit<vlpt::Gelu, Gated<dynamic, GatedParts::temperatures>>(file).follow(effort);
}
