#include <sstream>

#include "cases.hpp"
#include "meter.hpp"
#include "meter_rules.hpp"
#include "vlpt/policies/skip/planned.hpp"

void golden::das_meter(Recording& file, Effort effort) {
  Index const depth = file.number("cross_layers");
  std::vector<Index> skipped;
  std::istringstream list(file.fact("skip"));
  for (std::string layer; std::getline(list, layer, ',');) skipped.push_back(std::stol(layer));
  vlpt::skip::Planned<4, 6> planned{};
  planned.plan = vlpt::SkipPlan(2 * depth, skipped);

  std::vector<vlpt::io::Rule> one;
  add_normed_adapter(one, "attention_end", "attention.output.adapter");
  add_normed_adapter(one, "cross_end", "crossattention.output.adapter");
  add_normed_adapter(one, "mlp_normed", "adapter");
  auto rules = in_meters_layers(file, one);
  for (Index i = 0; i < 2 * depth; ++i) {
    std::string const cut = vlpt::text("adapter_list_", i < depth ? "l." : "v.", i % depth, ".0"),
                      block = vlpt::text("cross_modal_", i < depth ? "text" : "image", "_layers.",
                                         i % depth, '.');
    add_normed_adapter(rules, vlpt::text("layers.", i, ".shortcut"), cut);
    // A layer has its block or its short-cut; nothing depends on the other one.
    for (std::string const& name : file.names("param." + (planned.runs(i) ? cut + '.' : block)))
      file.set_aside(name);
  }
  Meter<vlpt::prompt::None, vlpt::skip::Planned<4, 6>>(file, rules, planned).follow(effort);
}
