#pragma once
#include <string>
#include <vector>

#include "recording.hpp"
#include "vlpt/io/naming/naming.hpp"

namespace golden {

/// The names of a policy's tensors in every layer of both of METER's streams, given those in one:
/// "attention_out.down.*" and "attention.output.adapter.down_sampler.*".
[[nodiscard]] inline std::vector<vlpt::io::Rule> in_meters_layers(
    Recording const& file, std::vector<vlpt::io::Rule> const& one) {
  std::vector<vlpt::io::Rule> all;
  Index const depth = file.number("cross_layers");
  for (Index i = 0; i < 2 * depth; ++i)
    for (vlpt::io::Rule rule : one) {
      rule.canonical = vlpt::text("layers.", i, '.', rule.canonical);
      for (auto& name : rule.names)
        name = vlpt::text("cross_modal_", i < depth ? "text" : "image", "_layers.", i % depth, '.',
                          name);
      all.push_back(rule);
    }
  return all;
}
/// The names of an adapter with a norm of its own.
inline void add_normed_adapter(std::vector<vlpt::io::Rule>& rules, std::string const& here,
                               std::string const& there) {
  rules.push_back({here + ".norm.*", {there + ".adapter_layer_norm_before.*"}});
  rules.push_back({here + ".down.*", {there + ".down_proj.*"}});
  rules.push_back({here + ".up.*", {there + ".up_proj.*"}});
}

}  // namespace golden
