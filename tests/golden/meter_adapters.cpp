#include "cases.hpp"
#include "meter.hpp"
#include "meter_rules.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"

void golden::meter_adapter(Recording& file, Effort effort) {
  std::vector<vlpt::io::Rule> rules;
  auto const adapter = [&](std::string const& here, std::string const& there) {
    for (std::string const part : {"down", "up"})
      rules.push_back({here + '.' + part + ".*", {there + ".adapter." + part + "_sampler.*"}});
  };
  adapter("attention_out", "attention.output");
  adapter("cross_out", "crossattention.output");
  adapter("mlp_out", "output");
  Meter<vlpt::prompt::Adapter<4>>(file, in_meters_layers(file, rules)).follow(effort);
}
void golden::meter_scaled_pa(Recording& file, Effort effort) {
  std::vector<vlpt::io::Rule> rules;
  add_normed_adapter(rules, "attention_normed", "attention.output.PA");
  add_normed_adapter(rules, "cross_normed", "crossattention.output.PA");
  Meter<vlpt::prompt::ParallelAdapter<4, true>>(file, in_meters_layers(file, rules)).follow(effort);
}
