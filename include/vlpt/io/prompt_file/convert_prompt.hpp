#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/io/open_tensor_file.hpp"
#include "vlpt/io/prompt_file/convert_peft.hpp"
#include "vlpt/io/prompt_file/convert_rows.hpp"
#include "vlpt/io/prompt_file/convert_stream.hpp"
#include "vlpt/io/write_delta.hpp"

namespace vlpt::io {

/// What a file of tensors is, by their names.
[[nodiscard]] inline PromptKind detect_prompt_kind(TensorFile const& file) {
  std::vector<TensorTitle> titles;
  for (TensorRecord const& r : file.records()) titles.push_back({r.name, r.shape.rank});
  return detect_prompt_kind(titles);
}

/// The tensors of a prompt file; of one of NumPy arrays, which are refused, how to save it again.
[[nodiscard]] inline TensorFile open_prompt_file(std::filesystem::path const& path) try {
  return open_tensor_file(path);
} catch (CheckpointError const& e) {
  std::string const message = e.what();
  if (message.find("refused: it names numpy") == std::string::npos) throw;
  throw CheckpointError(message + " (VPT's code keeps NumPy arrays in prompt_ep*.pth)");
}

/// Whether a kind of file is for models of this shape; the error names both.
inline void require_family(PromptKind kind, BaseModel const& base) {
  bool const texts =
      kind == PromptKind::coop || kind == PromptKind::cocoop || kind == PromptKind::mvlpt;
  bool const stream = base.facts.contains("canvas") || base.two_streams;
  bool const fits = texts                     ? base.dual
                    : kind == PromptKind::das ? stream
                    : kind == PromptKind::apt ? !base.dual
                                              : !base.dual && !stream;
  if (fits) return;
  std::string_view const wants = texts                     ? "a dual encoder (CLIP)"
                                 : kind == PromptKind::das ? "ViLT or METER"
                                 : kind == PromptKind::apt ? "a ViT, ViLT or METER"
                                                           : "a ViT";
  throw CheckpointError(text("these are ", prompt_kind_facts(kind).meaning, ", which belong to ",
                             wants, "; the model folder holds ",
                             base.dual          ? "a dual encoder"
                             : base.two_streams ? "a model of two streams"
                             : stream           ? "a model of one stream"
                                                : "a ViT",
                             " (names of ", base.naming.family, ')'));
}

/// What converts a file of a paper's code; out.kind says which.
inline void convert_code(PromptTensors const& tensors, BaseModel const& base,
                         PromptChoices const& choices, ConvertedPrompt& out, std::string& faults) {
  require_family(out.kind, base);
  bool const stream = out.kind == PromptKind::apt || out.kind == PromptKind::das;
  PromptReader const rows{tensors, base, choices};
  StreamReader const streams{tensors, base, choices};
  PlaceTensors placed(stream ? streams.layout(out.kind, out) : rows.layout(out.kind), base.sizes());
  placed.place(tensors);
  for (std::string const& fault : placed.faults()) faults += "\n  " + fault;
  out.tensors = std::move(placed.tensors());
  for (SetAside& one : placed.aside()) out.aside.push_back(std::move(one));
  streams.sort_others(placed, out, faults);
  stream ? streams.describe(out.kind, placed, out) : rows.describe(out.kind, placed, out, faults);
}

/// A prompt file of another project in vlpt's terms: a folder of PEFT, or a file of tensors of any
/// kind but unknown. CheckpointError lists all that does not fit; nothing is lost without a word.
[[nodiscard]] inline ConvertedPrompt convert_prompt(std::filesystem::path const& path,
                                                    BaseModel const& base,
                                                    PromptChoices const& choices = {}) {
  ConvertedPrompt out;
  std::string faults;
  if (is_peft_folder(path)) {
    PeftConfig const config = read_peft_config(path);
    PromptTensors const tensors =
        read_prompt_tensors(open_tensor_file(peft_tensors(path)), out.aside);
    PeftReader{tensors, config, base, choices}.read(out, faults);
  } else {
    TensorFile const file = open_prompt_file(path);
    out.kind = detect_prompt_kind(file);
    if (out.kind == PromptKind::unknown)
      throw CheckpointError(text(path.string(), " holds ", file.records().size(),
                                 " tensors of no prompt file that vlpt knows"));
    if (out.kind == PromptKind::peft_prompt || out.kind == PromptKind::peft_lora)
      throw CheckpointError(text(path.string(), " is ", prompt_kind_facts(out.kind).meaning,
                                 "; name the folder that holds its adapter_config.json as well"));
    convert_code(read_prompt_tensors(file, out.aside), base, choices, out, faults);
  }
  if (!faults.empty())
    throw CheckpointError(text(path.string(), " (", prompt_kind_facts(out.kind).meaning,
                               ") cannot be converted:", faults));
  if (out.method.empty()) out.method = out.policy;
  return out;
}

/// Writes what was converted as a delta of the base model, which load_delta() takes for a net of
/// that policy with the model's weights. What learns under every policy and is not in the file is
/// the model's own. Returns what the delta says of itself; the notes grow by what was added.
inline DeltaInfo write_converted(std::filesystem::path const& path, ConvertedPrompt& prompt,
                                 BaseModel const& base) {
  BaseWeights weights = base_weights(base, prompt.skips);
  for (ManifestEntry const& e : base.learnt) {
    if (prompt.tensors.contains(e.name)) continue;
    auto const at = weights.pretrained.find(e.name);
    if (at == weights.pretrained.end()) {
      prompt.notes.push_back(
          text(e.name, " is in neither file: the delta is for a model without it"));
      continue;
    }
    prompt.tensors.emplace(e.name, std::move(at->second));
    prompt.notes.push_back(text(e.name, " is the model folder's"));
  }
  DeltaInfo info{.preprocess = base.preprocess,
                 .method = prompt.method,
                 .recipe = text("converted from ", prompt_kind_facts(prompt.kind).name),
                 .policy = prompt.policy,
                 .settings = prompt.settings,
                 .model = base.facts,
                 .backbone = weights.fingerprint};
  for (auto const& [name, value] : prompt.model) info.model[name] = value;
  auto const head = prompt.tensors.find("head.weight");
  if (head != prompt.tensors.end() &&
      static_cast<std::size_t>(head->second.shape[0]) == base.class_names.size())
    info.class_names = base.class_names;
  std::vector<TensorBytes> out;
  for (auto const& [name, tensor] : prompt.tensors)
    out.push_back(encode<float>(name, tensor.shape, tensor.values, Dtype::F32));
  write_delta(path, std::move(out), info);
  return info;
}

}  // namespace vlpt::io
