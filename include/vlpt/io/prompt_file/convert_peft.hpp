#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "vlpt/io/prompt_file/converted_prompt.hpp"
#include "vlpt/io/prompt_file/lora_places.hpp"
#include "vlpt/io/prompt_file/peft_config.hpp"

namespace vlpt::io {

/// What converts an adapter of PEFT. Its LoRA is B A x times a factor, vlpt's B A x: the factor
/// goes into B. Maps that the adapter leaves alone get a correction of zeros.
struct PeftReader {
  PromptTensors const& file;
  PeftConfig const& config;
  BaseModel const& base;
  PromptChoices const& choices;

  void read(ConvertedPrompt& out, std::string& faults) const {
    bool const lora = config.peft_type == "LORA";
    out.kind = lora ? PromptKind::peft_lora : PromptKind::peft_prompt;
    std::map<std::string, Tensor<float> const*> rest;
    for (auto const& [name, tensor] : file)
      if (!take_head(module_name(name), tensor, out)) rest.emplace(name, &tensor);
    lora ? read_lora(rest, out, faults) : read_prompt(rest, out, faults);
    for (auto const& [name, tensor] : rest)
      faults += text("\n  unexpected: ", name, ' ', tensor->shape);
    if (!out.tensors.contains("head.weight")) pretrained_head(out);
  }

 private:
  [[nodiscard]] static std::string module_name(std::string_view name) {
    for (std::string_view prefix : {"base_model.model.", "base_model."})
      if (name.starts_with(prefix)) return std::string(name.substr(prefix.size()));
    return std::string(name);
  }
  /// modules_to_save: the classifier, by the family's name of a head.
  [[nodiscard]] bool take_head(std::string const& name, Tensor<float> const& tensor,
                               ConvertedPrompt& out) const {
    for (std::string const& own : base.naming.canonical(name))
      if (own == "head.weight" || own == "head.bias") {
        out.tensors.insert_or_assign(own, tensor);
        return true;
      }
    return false;
  }
  /// An adapter without a head of its own stands under the model's.
  void pretrained_head(ConvertedPrompt& out) const {
    PromptTensors head;
    for (std::string const own : {"head.weight", "head.bias"})
      if (auto const source = base.naming.source(own))
        for (std::string const& name : base.naming.spellings(source->names.front()))
          if (base.checkpoint->find(name).record != nullptr && !head.contains(own))
            head.emplace(own, base.checkpoint->read<float>(name));
    if (head.size() != 2) return;
    out.tensors.merge(head);
    out.notes.push_back("the head is the model folder's: the adapter has none");
  }

  void read_lora(std::map<std::string, Tensor<float> const*>& rest, ConvertedPrompt& out,
                 std::string& faults) const {
    out.policy = "lora";
    out.settings["rank"] = value_text(config.r);
    std::map<std::string, Tensor<float> const*> named;  // by module: q.lora_A.weight
    for (auto const& [name, tensor] : rest) named.emplace(module_name(name), tensor);
    Index const d = base.sizes().at("d");
    // The rank is believed, and made room for, only where a tensor of the file has it.
    if (std::ranges::none_of(named, [&](auto const& entry) {
          return entry.first.ends_with(".lora_A.weight") && entry.second->shape.rank == 2 &&
                 entry.second->shape[0] == config.r;
        })) {
      faults += text("\n  no tensor .lora_A.weight of r = ", config.r, " rows");
      return;
    }
    std::string zeros;
    for (LoraPlace const& place : lora_places(base)) {
      Tensor<float> down(Shape{config.r, d}), up(Shape{d, config.r});
      bool found = false;
      for (std::string const& module : place.modules) {
        bool const a = take_factor(module + ".lora_A.weight", down, named, rest, faults),
                   b = take_factor(module + ".lora_B.weight", up, named, rest, faults);
        if (a != b) faults += text("\n  missing: ", module, a ? ".lora_B" : ".lora_A", ".weight");
        found = found || a || b;
      }
      if (!found) zeros += (zeros.empty() ? "" : ", ") + place.modules.front();
      for (float& x : up.values) x = static_cast<float>(x * config.scale());
      out.tensors.emplace(place.own + ".down.weight", std::move(down));
      out.tensors.emplace(place.own + ".up.weight", std::move(up));
    }
    if (!zeros.empty())
      out.notes.push_back("corrections of zeros, since the adapter leaves these maps alone: " +
                          zeros);
    if (!rest.empty() && faults.empty())
      faults += "\n  vlpt's LoRA corrects queries and values only:";
  }

  /// Whether the adapter has that factor.
  static bool take_factor(std::string const& name, Tensor<float>& into,
                          std::map<std::string, Tensor<float> const*> const& named,
                          std::map<std::string, Tensor<float> const*>& rest, std::string& faults) {
    auto const at = named.find(name);
    if (at == named.end()) return false;
    std::erase_if(rest, [&](auto const& e) { return module_name(e.first) == name; });
    if (at->second->shape == into.shape)
      into.values = at->second->values;
    else
      faults += text("\n  ", name, ": the file has ", at->second->shape, ", ", into.shape,
                     " is expected");
    return true;
  }

  void read_prompt(std::map<std::string, Tensor<float> const*>& rest, ConvertedPrompt& out,
                   std::string& faults) const {
    out.policy = "shallow";
    Index const d = base.sizes().at("d"), rows = config.virtual_tokens;
    auto const take = [&](std::string const& name) {
      auto const at = rest.find(name);
      if (at == rest.end()) return static_cast<Tensor<float> const*>(nullptr);
      auto const* const tensor = at->second;
      rest.erase(at);
      return tensor;
    };
    auto const wrong = [&](char const* name, Shape const& has, std::string const& wants) {
      faults += text("\n  ", name, ": the file has ", has, ", ", wants, " is expected");
    };
    auto const* const shared = take("prompt_embeddings");
    if (shared == nullptr) return void(faults += "\n  missing: prompt_embeddings");
    if (Shape const own{rows, d}; !(shared->shape == own))
      return wrong("prompt_embeddings", shared->shape, text(own));
    Tensor<float> prompt = *shared;
    if (config.peft_type == "MULTITASK_PROMPT_TUNING") {
      auto const *const cols = take("prefix_task_cols"), *const rows_of = take("prefix_task_rows");
      if (cols == nullptr || rows_of == nullptr)
        return void(faults += "\n  missing: prefix_task_cols or prefix_task_rows");
      Shape const& c = cols->shape;
      if (c.rank != 3 || c[1] != rows)
        return wrong("prefix_task_cols", c, text("(T, ", rows, ", r)"));
      if (Shape const own{c[0], c[2], d}; !(rows_of->shape == own))
        return wrong("prefix_task_rows", rows_of->shape, text(own));
      if (choices.task < 0 && c[0] > 1)
        return void(faults += text("\n  the file has prompts of ", c[0],
                                   " tasks: say which one (--task 0 to ", c[0] - 1, ")"));
      Index const task = choices.task < 0 ? 0 : choices.task;
      if (task >= c[0])
        return void(faults +=
                    text("\n  the file has ", c[0], " tasks, counted from 0, and no task ", task));
      multiply(prompt, *cols, *rows_of, task);
    }
    out.settings["prompts"] = value_text(rows);
    out.tensors.emplace("prompt.rows", std::move(prompt));
  }
  /// prompt := prompt * (cols rows), element by element, of one task.
  static void multiply(Tensor<float>& prompt, Tensor<float> const& cols, Tensor<float> const& rows,
                       Index task) {
    Index const p = prompt.shape[0], d = prompt.shape[1], r = cols.shape[2];
    for (Index i = 0; i < p; ++i)
      for (Index j = 0; j < d; ++j) {
        double sum = 0;
        for (Index k = 0; k < r; ++k)
          sum += static_cast<double>(cols[(task * p + i) * r + k]) * rows[(task * r + k) * d + j];
        prompt[i * d + j] = static_cast<float>(prompt[i * d + j] * sum);
      }
  }
};

}  // namespace vlpt::io
