#pragma once
#include <algorithm>
#include <filesystem>
#include <string>

#include "vlpt/io/config/optional_fields.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/models/arch/text_encoder.hpp"

namespace vlpt::io {

/// The pooling of sentence-transformers' 1_Pooling/config.json: the mean of the words, or the first
/// row; a CheckpointError names any other.
[[nodiscard]] inline TextPool sentence_pool(std::filesystem::path const& path) {
  Json const json = parse_json<CheckpointError>(read_file(path), path.string());
  FieldReader const field(json, path.string());
  if (field.has("pooling_mode")) {  // newer files
    std::string mode;
    field.word("pooling_mode", mode);
    if (mode == "mean") return TextPool::mean;
    if (mode == "cls") return TextPool::first_row;
    field.fail("pooling_mode", "\"mean\" or \"cls\", the ones that vlpt computes");
  }
  std::string const modes = "pooling_mode_";
  bool mean = false, first = false;
  for (auto const& [name, value] : json.items()) {
    if (!name.starts_with(modes) || value != true) continue;
    if (name == modes + "mean_tokens")
      mean = true;
    else if (name == modes + "cls_token")
      first = true;
    else
      field.fail(name.c_str(), "false: vlpt computes the mean of the words, or the first row");
  }
  if (mean == first)
    throw CheckpointError(text(path.string(),
                               ": one of pooling_mode_mean_tokens and "
                               "pooling_mode_cls_token must be true"));
  return mean ? TextPool::mean : TextPool::first_row;
}

/// What a folder of sentence-transformers adds to its encoder: modules.json lists a pooling and
/// perhaps a scaling to length 1, sentence_bert_config.json the longest text. Of a folder without
/// modules.json nothing; a CheckpointError names a module that vlpt does not compute.
inline void add_sentence_modules(std::filesystem::path const& folder, TextEncoderFacts& facts) {
  std::filesystem::path const list = folder / "modules.json";
  if (!is_there(list)) return;
  Json const json = parse_json<CheckpointError>(read_file(list), list.string());
  if (!json.is_array()) throw CheckpointError(text(list.string(), ": a list is expected"));
  for (Json const& module : json) {
    FieldReader const field(module, list.string());
    std::string type, path;
    field.word("type", type), field.word("path", path);
    std::string const kind = type.substr(type.rfind('.') + 1);
    if (path.find("..") != std::string::npos || std::filesystem::path(path).is_absolute())
      field.fail("path", "a folder below this one");
    if (kind == "Pooling")
      facts.pool = sentence_pool(folder / path / "config.json");
    else if (kind == "Normalize")
      facts.unit_length = true;
    else if (kind != "Transformer")
      field.fail("type", "a Transformer, Pooling or Normalize, which vlpt computes");
  }
  std::filesystem::path const sizes = folder / "sentence_bert_config.json";
  if (!is_there(sizes)) return;
  Json const said = parse_json<CheckpointError>(read_file(sizes), sizes.string());
  Index most = facts.text.words;
  OptionalFields(said, sizes.string()).count("max_seq_length", most);
  facts.text.words = std::min(facts.text.words, most);
}

}  // namespace vlpt::io
