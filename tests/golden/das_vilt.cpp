#include "cases.hpp"
#include "vilt.hpp"
#include "vlpt/policies/skip/planned.hpp"

void golden::das_vilt(Recording& file, Effort effort) {
  std::vector<vlpt::io::Rule> rules;
  auto const adapter = [&](std::string const& here, std::string const& there) {
    rules.push_back({here + ".norm.*", {there + ".adapter_layer_norm_before.*"}});
    rules.push_back({here + ".down.*", {there + ".down_proj.*"}});
    rules.push_back({here + ".up.*", {there + ".up_proj.*"}});
  };
  adapter("layers.*.attention_end", "transformer.blocks.*.adapter0");
  adapter("layers.*.mlp_end", "transformer.blocks.*.adapter1");
  adapter("layers.*.shortcut", "adapter_list.*.0");
  std::vector<Index> skipped;
  auto const flags = file.read<Index>("input.skip_flag");
  for (Index i = 0; i < flags.size(); ++i)
    if (flags[i] != 0) {
      skipped.push_back(i);
      for (auto const& name : file.names(vlpt::text("param.transformer.blocks.", i, ".")))
        file.set_aside(name);
    }
  vlpt::skip::Planned<4, 6> planned{};
  planned.plan = vlpt::SkipPlan(flags.size(), skipped);
  Vilt<vlpt::prompt::None, vlpt::skip::Planned<4, 6>>(file, {.skip = planned, .rules = rules})
      .follow(effort);
}
