#pragma once
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/tokenizer/normalizer.hpp"
#include "vlpt/io/tokenizer/pre_tokenizer.hpp"
#include "vlpt/io/tokenizer/tokenizer_settings.hpp"
#include "vlpt/io/tokenizer/vocabulary.hpp"

namespace vlpt::io {

/// The "normalizer", "pre_tokenizer" and "post_processor" of a tokenizer.json. A step that vlpt
/// does not have is a CheckpointError with its name.
class StepsJson {
 public:
  struct Words {
    PreTokenizer pre_tokenizer{};
    bool bytes = false;  // whether the words go on as bytes
  };
  struct Around {
    std::vector<Index> before{}, after{};
  };

  StepsJson(std::string const& file, TokenizerSettings const& settings)
      : file_(file), settings_(settings) {}

  void normalizer(Json const& json, Normalizer& into) const {
    using Step = Normalizer::Step;
    if (json.is_null()) return;
    std::string const where = file_ + ": normalizer";
    FieldReader const field(json, where);
    std::string const type = type_of(field);
    if (type == "Sequence") {
      for (Json const& step : list(json, "normalizers", where)) normalizer(step, into);
    } else if (type == "NFC") {
      into.steps.push_back(Step::compose);
    } else if (type == "NFD") {
      into.steps.push_back(Step::decompose);
    } else if (type == "Lowercase") {
      into.steps.push_back(Step::lowercase);
    } else if (type == "Replace") {
      if (pattern(json) != R"(\s+)" || !json.contains("content") || json["content"] != " ")
        field.fail("pattern", R"(the regular expression \s+ with the content " ")");
      into.steps.push_back(Step::join_spaces);
    } else if (type == "BertNormalizer") {
      bool const lower = settings_.lower_case.value_or(flag(field, "lowercase", true));
      std::optional<bool> strip = settings_.strip_accents;
      if (bool value = false;
          !strip && field.has("strip_accents") && !json["strip_accents"].is_null()) {
        field.flag("strip_accents", value);
        strip = value;
      }
      bool const chinese = settings_.chinese.value_or(flag(field, "handle_chinese_chars", true));
      auto const steps =
          Normalizer::bert(flag(field, "clean_text", true), chinese, strip.value_or(lower), lower);
      into.steps.insert(into.steps.end(), steps.steps.begin(), steps.steps.end());
    } else {
      field.fail("type", "one of Sequence, NFC, NFD, Lowercase, Replace, BertNormalizer");
    }
  }

  [[nodiscard]] Words pre_tokenizer(Json const& json) const {
    Words words;
    add(json, words);
    return words;
  }

  void post_processor(Json const& json, Vocabulary const& vocabulary, Around& into) const {
    std::string const where = file_ + ": post_processor";
    FieldReader const field(json, where);
    std::string const type = type_of(field);
    if (type == "ByteLevel") return;  // places in the text, which are not kept
    if (type == "Sequence") {
      for (Json const& step : list(json, "processors", where))
        post_processor(step, vocabulary, into);
      return;
    }
    if (!into.before.empty() || !into.after.empty())
      field.fail("type", "the only step that adds tokens");
    if (type == "RobertaProcessing" || type == "BertProcessing") {
      into = {{pair(json, "cls", field, vocabulary)}, {pair(json, "sep", field, vocabulary)}};
    } else if (type == "TemplateProcessing") {
      into = single(json, field, vocabulary);
    } else {
      field.fail(
          "type",
          "one of TemplateProcessing, RobertaProcessing, BertProcessing, ByteLevel, Sequence");
    }
  }

 private:
  void add(Json const& json, Words& into) const {
    using Split = PreTokenizer::Split;
    std::string const where = file_ + ": pre_tokenizer";
    FieldReader const field(json, where);
    std::string const type = type_of(field);
    auto& splits = into.pre_tokenizer.splits;
    if (into.bytes) field.fail("type", "no step behind ByteLevel");
    if (type == "Sequence") {
      for (Json const& step : list(json, "pretokenizers", where)) add(step, into);
    } else if (type == "BertPreTokenizer") {
      splits.push_back(Split::bert);
    } else if (type == "ByteLevel") {
      bool space = flag(field, "add_prefix_space", true);
      if (splits.empty())  // CLIP's words have no say in it
        space = settings_.prefix_space.value_or(space);
      else if (space)
        field.fail("add_prefix_space", "false behind another step");
      into.pre_tokenizer.prefix_space = space;
      if (flag(field, "use_regex", true)) splits.push_back(Split::gpt2);
      into.bytes = true;
    } else if (type == "Split") {
      constexpr std::string_view words =
          R"('s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)";
      constexpr std::string_view special = R"(<\|startoftext\|>|<\|endoftext\|>|)";
      std::string const found = pattern(json);
      if (found != words && found != std::string(special).append(words))
        field.fail("pattern", "CLIP's regular expression of words");
      std::string behavior;
      field.word("behavior", behavior);
      if (behavior != "Removed" || !flag(field, "invert", false))
        field.fail("behavior", "\"Removed\", inverted");
      splits.push_back(found == words ? Split::clip : Split::clip_special);
    } else {
      field.fail("type", "one of Sequence, Split, ByteLevel, BertPreTokenizer");
    }
  }

  [[nodiscard]] static std::string type_of(FieldReader const& field) {
    std::string type;
    field.word("type", type);
    return type;
  }
  [[nodiscard]] static bool flag(FieldReader const& field, char const* name, bool otherwise) {
    if (field.has(name)) field.flag(name, otherwise);
    return otherwise;
  }
  [[nodiscard]] static std::string pattern(Json const& json) {
    if (!json.contains("pattern") || !json["pattern"].is_object()) return "";
    Json const& p = json["pattern"];
    return p.contains("Regex") && p["Regex"].is_string() ? p["Regex"].get<std::string>() : "";
  }
  [[nodiscard]] static Json const& list(Json const& json, char const* name,
                                        std::string const& where) {
    if (!json.contains(name) || !json[name].is_array())
      throw CheckpointError(text(where, ": field \"", name, "\" must be a list"));
    return json[name];
  }

  /// A token as ["</s>", 2].
  [[nodiscard]] static Index pair(Json const& json, char const* name, FieldReader const& field,
                                  Vocabulary const& vocabulary) {
    if (!json.contains(name) || !json[name].is_array() || json[name].size() != 2 ||
        !json[name][1].is_number_unsigned() ||
        json[name][1].get<std::uint64_t>() >= static_cast<std::uint64_t>(vocabulary.size()))
      field.fail(name, "a token and its number in the vocabulary");
    return json[name][1].get<Index>();
  }
  /// The template of one text: special tokens, the sequence A, special tokens.
  [[nodiscard]] static Around single(Json const& json, FieldReader const& field,
                                     Vocabulary const& vocabulary) {
    Around around;
    bool text_seen = false;
    auto const fail = [&]() -> void {
      field.fail("single", "special tokens around one sequence A");
    };
    if (!field.has("single") || !json["single"].is_array()) fail();
    for (Json const& item : json["single"]) {
      if (!item.is_object() || item.size() != 1 || !item.front().is_object() ||
          !item.front().contains("id"))
        fail();
      Json const& id = item.front()["id"];
      if (item.contains("Sequence")) {
        if (text_seen || id != "A") fail();
        text_seen = true;
      } else {
        if (!item.contains("SpecialToken") || !id.is_string()) fail();
        for (Json const& number : numbers(json, id.get<std::string>(), field)) {
          if (!number.is_number_unsigned() ||
              number.get<std::uint64_t>() >= static_cast<std::uint64_t>(vocabulary.size()))
            field.fail("special_tokens", "numbers of the vocabulary");
          (text_seen ? around.after : around.before).push_back(number.get<Index>());
        }
      }
    }
    if (!text_seen) fail();
    return around;
  }
  [[nodiscard]] static Json const& numbers(Json const& json, std::string const& token,
                                           FieldReader const& field) {
    if (!field.has("special_tokens") || !json["special_tokens"].is_object() ||
        !json["special_tokens"].contains(token) || !json["special_tokens"][token].is_object() ||
        !json["special_tokens"][token].contains("ids") ||
        !json["special_tokens"][token]["ids"].is_array())
      field.fail("special_tokens", text("an object with the numbers of \"", token, "\""));
    return json["special_tokens"][token]["ids"];
  }

  std::string file_;
  TokenizerSettings const& settings_;
};

}  // namespace vlpt::io
