#include "cases.hpp"
#include "vilt.hpp"
#include "vlpt/policies/prompt/ladder.hpp"

void golden::vilt_lst(Recording& file, Effort effort) {
  // The last of the reductions stands before the first layer.
  std::string const entry = "side_embeddings_down." + file.fact("depth") + ".*";
  std::vector<vlpt::io::Rule> rules{{"side.exit.*", {"side_embeddings_up.*"}},
                                    {"side.entry.linear.*", {entry}},
                                    {"side.rungs.*.down.linear.*", {"side_embeddings_down.*.*"}}};
  for (auto const& [here, there] : {std::pair{"norm1", "norm1"},
                                    {"norm2", "norm2"},
                                    {"attention.qkv", "attn.qkv"},
                                    {"attention.out", "attn.proj"},
                                    {"mlp.fc1", "mlp.fc1"},
                                    {"mlp.fc2", "mlp.fc2"}})
    rules.push_back({vlpt::text("side.rungs.*.", here, ".*"),
                     {vlpt::text("side_transformer.blocks.*.", there, ".*")}});
  Vilt<vlpt::prompt::Ladder<4>>(file, {.rules = rules}).follow(effort);
}
