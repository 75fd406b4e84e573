#include "cases.hpp"
#include "vilt.hpp"
#include "vlpt/policies/prompt/adapter.hpp"

void golden::vilt_adapter(Recording& file, Effort effort) {
  std::string const block = "transformer.blocks.*.";
  Vilt<vlpt::prompt::Adapter<4>>(
      file, {.rules = {{"layers.*.attention_out.down.*", {block + "adapter0.down_sampler.*"}},
                       {"layers.*.attention_out.up.*", {block + "adapter0.up_sampler.*"}},
                       {"layers.*.mlp_out.down.*", {block + "adapter1.down_sampler.*"}},
                       {"layers.*.mlp_out.up.*", {block + "adapter1.up_sampler.*"}}}})
      .follow(effort);
}
