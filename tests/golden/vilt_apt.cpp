#include "cases.hpp"
#include "vilt.hpp"
#include "vlpt/policies/prompt/approximated.hpp"

void golden::vilt_apt(Recording& file, Effort effort) {
  std::string const here = "layers.*.attention_out.", there = "transformer.blocks.*.attn.APT.";
  Vilt<vlpt::prompt::Approximated<vlpt::dynamic, 4>>(
      file, {.rules = {{here + "rows", {there + "mm_tokens"}},
                       {here + "down", {there + "mm.0.weight"}},
                       {here + "up", {there + "mm.1.weight"}},
                       {here + "scale", {there + "scale"}}}})
      .follow(effort);
}
