#pragma once
#include <array>
#include <string_view>
#include <vector>

namespace vlpt::io {

/// What a file of tensors is, by their names.
enum class PromptKind { unknown, peft_prompt, peft_lora, coop, cocoop, vpt, gapt, mvlpt, apt, das };

struct PromptKindFacts {
  PromptKind kind;
  std::string_view name, meaning;
};
inline constexpr std::array<PromptKindFacts, 10> prompt_kinds{{
    {PromptKind::unknown, "unknown", "tensors of no layout that vlpt knows"},
    {PromptKind::peft_prompt, "peft-prompt", "prompts of Hugging Face PEFT"},
    {PromptKind::peft_lora, "peft-lora", "a LoRA of Hugging Face PEFT"},
    {PromptKind::coop, "coop", "a context of CoOp's code"},
    {PromptKind::cocoop, "cocoop", "a context of CoCoOp's code, which each image shifts"},
    {PromptKind::vpt, "vpt", "prompts of VPT's code"},
    {PromptKind::gapt, "gapt", "gated prompts of GaPT's code"},
    {PromptKind::mvlpt, "mvlpt", "prompts of MVLPT's code"},
    {PromptKind::apt, "apt", "approximated prompts of APT's code"},
    {PromptKind::das, "das", "adapters and short-cuts of DAS's code"},
}};
[[nodiscard]] constexpr PromptKindFacts const& prompt_kind_facts(PromptKind kind) {
  return prompt_kinds[static_cast<std::size_t>(kind)];
}

/// What a file's header says of one tensor.
struct TensorTitle {
  std::string_view name;
  int rank = 0;
};

/// What a file is, from its tensors' names alone; nothing is read and nothing is believed. The
/// first sign that is found decides, and the surest signs come first.
[[nodiscard]] inline PromptKind detect_prompt_kind(std::vector<TensorTitle> const& titles) {
  auto const ends = [](std::string_view name, std::string_view ending) {
    return name == ending || (name.ends_with(ending) && name.size() > ending.size() &&
                              name[name.size() - ending.size() - 1] == '.');
  };
  auto const find = [&](std::string_view ending) -> TensorTitle const* {
    for (TensorTitle const& t : titles)
      if (ends(t.name, ending)) return &t;
    return nullptr;
  };
  auto const any_holds = [&](std::string_view part) {
    for (TensorTitle const& t : titles)
      if (t.name.find(part) != std::string_view::npos) return true;
    return false;
  };
  if (any_holds(".lora_A.") || any_holds(".lora_B.")) return PromptKind::peft_lora;
  if (find("vpt_embeddings") != nullptr || any_holds("mvlpt_proj")) return PromptKind::mvlpt;
  if (find("meta_net.linear1.weight") != nullptr) return PromptKind::cocoop;
  if (find("ctx") != nullptr) return PromptKind::coop;
  if (any_holds(".APT.mm_tokens")) return PromptKind::apt;
  if (any_holds("adapter_list.") || any_holds("adapter_list_l.")) return PromptKind::das;
  if (find("prefix_task_cols") != nullptr) return PromptKind::peft_prompt;
  if (find("shallow_prompt") != nullptr) return PromptKind::vpt;
  TensorTitle const* const rows = find("prompt_embeddings");
  if (rows == nullptr) return PromptKind::unknown;
  if (rows->rank == 2) return PromptKind::peft_prompt;  // VPT and GaPT have a batch of one
  return find("gate_logit") != nullptr || find("temp") != nullptr ? PromptKind::gapt
                                                                  : PromptKind::vpt;
}

}  // namespace vlpt::io
