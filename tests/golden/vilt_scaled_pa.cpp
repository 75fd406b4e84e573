#include "cases.hpp"
#include "vilt.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"

void golden::vilt_scaled_pa(Recording& file, Effort effort) {
  std::string const here = "layers.*.attention_out.", there = "transformer.blocks.*.attn.PA.";
  Vilt<vlpt::prompt::ParallelAdapter<4>>(
      file, {.rules = {{here + "norm.*", {there + "adapter_layer_norm_before.*"}},
                       {here + "down.*", {there + "down_proj.*"}},
                       {here + "up.*", {there + "up_proj.*"}}}})
      .follow(effort);
}
