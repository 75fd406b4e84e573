#include "cases.hpp"
#include "meter.hpp"
#include "meter_rules.hpp"
#include "vlpt/policies/prompt/lora.hpp"

void golden::meter_lora(Recording& file, Effort effort) {
  std::vector<vlpt::io::Rule> rules;
  auto const factors = [&](std::string const& here, std::string const& there) {
    for (std::string const path : {"query", "value"}) {
      std::string const ours = here + ".change." + path, theirs = there + ".self." + path[0];
      rules.push_back(
          {ours + ".down.weight", {theirs + "_lora.lora_A"}, vlpt::io::Form::plain, true});
      rules.push_back(
          {ours + ".up.weight", {theirs + "_lora.lora_B"}, vlpt::io::Form::plain, true});
    }
  };
  factors("attention", "attention");
  factors("cross", "crossattention");
  Meter<vlpt::prompt::Lora<4>>(file, in_meters_layers(file, rules)).follow(effort);
}
