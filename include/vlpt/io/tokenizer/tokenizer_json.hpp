#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/tokenizer/model_json.hpp"
#include "vlpt/io/tokenizer/steps_json.hpp"
#include "vlpt/io/tokenizer/tokenizer_parts.hpp"
#include "vlpt/io/tokenizer/tokenizer_settings.hpp"

namespace vlpt::io {

/// Reads a tokenizer.json of CLIP, BERT or RoBERTa; what it asks for and vlpt cannot do is refused
/// by name. Its truncation and padding are the caller's matter and ignored. Where the settings
/// speak of case, accents, ideographs or the first space, they win, as in `transformers`.
class TokenizerJson {
 public:
  [[nodiscard]] static TokenizerParts read(std::filesystem::path const& file,
                                           TokenizerSettings const& settings) {
    std::string const where = file.string();
    Json const json = parse_json<CheckpointError>(read_file(file), where);
    FieldReader const field(json, where);
    for (char const* const part : {"model", "pre_tokenizer", "post_processor"})
      if (!field.has(part) || !json[part].is_object()) field.fail(part, "a JSON object");

    ModelJson const model(json["model"], where);
    Vocabulary vocabulary = model.vocabulary();
    std::vector<AddedToken> added;
    if (field.has("added_tokens")) added = read_added(json["added_tokens"], where, vocabulary);
    vocabulary.check();

    StepsJson const steps(where, settings);
    Normalizer normalizer;
    if (field.has("normalizer")) steps.normalizer(json["normalizer"], normalizer);
    StepsJson::Words const words = steps.pre_tokenizer(json["pre_tokenizer"]);
    if (words.bytes != (model.kind() != TokenizerKind::bert))
      field.fail("pre_tokenizer", words.bytes ? "without ByteLevel for a WordPiece model"
                                              : "with ByteLevel for a BPE model");
    StepsJson::Around around;
    steps.post_processor(json["post_processor"], vocabulary, around);
    if (around.before.empty() || around.after.empty())
      field.fail("post_processor", "such that a text gets a token before and one after it");

    auto const special = [&](char const* role) {
      return vocabulary.find(settings.name(role, model.kind()));
    };
    Index const pad = special("pad_token"), unknown = special("unk_token"),
                mask = special("mask_token");
    auto pieces = model.pieces(vocabulary);
    return {model.kind(),
            std::move(vocabulary),
            std::move(normalizer),
            words.pre_tokenizer,
            std::move(pieces),
            std::move(added),
            std::move(around.before),
            std::move(around.after),
            pad,
            unknown,
            mask};
  }

 private:
  /// Tokens that the model's vocabulary lacks are added to it, under the number that they have.
  [[nodiscard]] static std::vector<AddedToken> read_added(Json const& json, std::string const& file,
                                                          Vocabulary& vocabulary) {
    std::string const where = file + ": added_tokens";
    if (!json.is_array()) throw CheckpointError(text(where, ": a list is expected"));
    std::vector<AddedToken> tokens;
    for (Json const& value : json) {
      AddedToken token = read_added_token(value, text(where, "[", tokens.size(), "]"));
      if (!value.contains("id") || !value["id"].is_number_integer())
        throw CheckpointError(
            text(where, ": the token \"", token.content, "\" has no number \"id\""));
      token.id = value["id"].get<Index>();
      Index const known = vocabulary.find(token.content);
      if (known == Vocabulary::none)
        vocabulary.add(token.content, token.id);
      else if (known != token.id)
        throw CheckpointError(text(where, ": the token \"", token.content, "\" has the number ",
                                   token.id, " here and ", known, " in the vocabulary"));
      tokens.push_back(std::move(token));
    }
    return tokens;
  }
};

}  // namespace vlpt::io
