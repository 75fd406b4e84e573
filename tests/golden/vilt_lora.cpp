#include "cases.hpp"
#include "vilt.hpp"
#include "vlpt/policies/prompt/lora.hpp"

void golden::vilt_lora(Recording& file, Effort effort) {
  using vlpt::io::Form;
  std::string const here = "layers.*.attention.change.", there = "transformer.blocks.*.attn.";
  auto const factor = [&](std::string const& canonical, std::string const& name) {
    return vlpt::io::Rule{here + canonical + ".weight", {there + name}, Form::plain, true};
  };
  Vilt<vlpt::prompt::Lora<4>>(
      file, {.rules = {factor("query.down", "q_lora.lora_A"), factor("query.up", "q_lora.lora_B"),
                       factor("value.down", "v_lora.lora_A"), factor("value.up", "v_lora.lora_B")}})
      .follow(effort);
}
