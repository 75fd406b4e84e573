#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/tokenizer/tokenizer_parts.hpp"

namespace vlpt::io {

/// Adds the tokens of a JSON object, {"token": number}.
inline void add_tokens(Json const& json, std::string const& where, Vocabulary& into) {
  if (!json.is_object()) throw CheckpointError(text(where, ": a JSON object is expected"));
  for (auto const& [token, id] : json.items()) {
    if (!id.is_number_integer())
      throw CheckpointError(text(where, ": the number of token \"", token, "\" is ", id.dump()));
    into.add(token, id.get<Index>());
  }
}

/// The "model" of a tokenizer.json: BPE or WordPiece.
class ModelJson {
 public:
  ModelJson(Json const& json, std::string const& file)
      : json_(json), file_(file), field_(json, file + ": model") {
    // Older files do not say the type: only WordPiece counts a word's characters.
    std::string type = field_.has("max_input_chars_per_word") ? "WordPiece" : "BPE";
    if (field_.has("type")) field_.word("type", type);
    if (type != "BPE" && type != "WordPiece") field_.fail("type", "\"BPE\" or \"WordPiece\"");
    if (field_.has("end_of_word_suffix") && !json_["end_of_word_suffix"].is_null())
      field_.word("end_of_word_suffix", suffix_);
    kind_ = type == "WordPiece" ? TokenizerKind::bert
            : suffix_.empty()   ? TokenizerKind::roberta
                                : TokenizerKind::clip;
    for (char const* const name : {"byte_fallback", "ignore_merges", "fuse_unk"})
      if (bool set = false; field_.has(name)) {
        field_.flag(name, set);
        if (set) field_.fail(name, "false, all that vlpt supports");
      }
    if (field_.has("dropout") && !json_["dropout"].is_null() && json_["dropout"] != 0)
      field_.fail("dropout", "null, all that vlpt supports");
  }
  [[nodiscard]] TokenizerKind kind() const { return kind_; }

  /// The model's own tokens; others may have to be added before it is complete.
  [[nodiscard]] Vocabulary vocabulary() const {
    Vocabulary v(file_);
    if (!field_.has("vocab")) field_.fail("vocab", "an object of tokens and their numbers");
    add_tokens(json_["vocab"], file_ + ": model: vocab", v);
    return v;
  }

  [[nodiscard]] std::variant<BytePairs, WordPieces> pieces(Vocabulary const& vocabulary) const {
    std::string prefix, unknown;
    if (field_.has("continuing_subword_prefix") && !json_["continuing_subword_prefix"].is_null())
      field_.word("continuing_subword_prefix", prefix);
    if (field_.has("unk_token") && !json_["unk_token"].is_null()) field_.word("unk_token", unknown);
    if (kind_ == TokenizerKind::bert) {
      Index most = 100;
      if (field_.has("max_input_chars_per_word")) field_.count("max_input_chars_per_word", most);
      return WordPieces(prefix, most, vocabulary.require(unknown, "its \"unk_token\""));
    }
    if (!prefix.empty()) field_.fail("continuing_subword_prefix", "empty, all that vlpt supports");
    Index const id =
        unknown.empty() ? Vocabulary::none : vocabulary.require(unknown, "its \"unk_token\"");
    return BytePairs(vocabulary, merges(), suffix_, id, file_);
  }

 private:
  /// Each merge is "left right" or, in newer files, ["left", "right"].
  [[nodiscard]] std::vector<BytePairs::Merge> merges() const {
    if (!field_.has("merges") || !json_["merges"].is_array()) field_.fail("merges", "a list");
    std::vector<BytePairs::Merge> out;
    for (Json const& m : json_["merges"]) {
      if (m.is_array() && m.size() == 2 && m[0].is_string() && m[1].is_string()) {
        out.emplace_back(m[0].get<std::string>(), m[1].get<std::string>());
        continue;
      }
      std::string const line = m.is_string() ? m.get<std::string>() : "";
      auto const space = line.find(' ');
      if (space == std::string::npos || line.find(' ', space + 1) != std::string::npos)
        throw CheckpointError(text(file_, ": model: merges: merge ", out.size() + 1,
                                   " must be two pieces, not ", m.dump()));
      out.emplace_back(line.substr(0, space), line.substr(space + 1));
    }
    return out;
  }

  Json const& json_;
  std::string file_;
  FieldReader field_;
  std::string suffix_;
  TokenizerKind kind_ = TokenizerKind::bert;
};

}  // namespace vlpt::io
