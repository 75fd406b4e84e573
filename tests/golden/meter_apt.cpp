#include "cases.hpp"
#include "meter.hpp"
#include "meter_rules.hpp"
#include "vlpt/policies/prompt/approximated.hpp"

void golden::meter_apt(Recording& file, Effort effort) {
  std::vector<vlpt::io::Rule> rules;
  for (std::string const at : {"attention", "cross"}) {
    std::string const here = at + "_out.",
                      there = (at == "cross" ? "crossattention" : at) + ".output.APT.";
    rules.push_back({here + "rows", {there + "mm_tokens"}});
    rules.push_back({here + "down", {there + "mm.0.weight"}});
    rules.push_back({here + "up", {there + "mm.1.weight"}});
    rules.push_back({here + "scale", {there + "scale"}});
  }
  Meter<vlpt::prompt::Approximated<vlpt::dynamic, 4>>(file, in_meters_layers(file, rules))
      .follow(effort);
}
