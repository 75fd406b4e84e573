#pragma once
#include <array>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/tokenizer/added_tokens.hpp"
#include "vlpt/io/tokenizer/tokenizer_parts.hpp"

namespace vlpt::io {

/// An added token as tokenizer.json, tokenizer_config.json and special_tokens_map.json write it.
[[nodiscard]] inline AddedToken read_added_token(Json const& json, std::string const& where) {
  FieldReader const field(json, where);
  AddedToken token;
  field.word("content", token.content);
  if (token.content.empty()) field.fail("content", "a token of at least one character");
  if (field.has("lstrip")) field.flag("lstrip", token.strips_left);
  if (field.has("rstrip")) field.flag("rstrip", token.strips_right);
  if (field.has("normalized")) field.flag("normalized", token.normalized);
  bool single = false;
  if (field.has("single_word")) field.flag("single_word", single);
  if (single) field.fail("single_word", "false, all that vlpt supports");
  return token;
}

/// What tokenizer_config.json and special_tokens_map.json say; all of it may be missing.
struct TokenizerSettings {
  std::optional<bool> lower_case, strip_accents, chinese, prefix_space;
  std::map<std::string, AddedToken, std::less<>> special;  // "pad_token" and so on
  std::vector<AddedToken> added;                           // with their numbers

  [[nodiscard]] static TokenizerSettings read(std::filesystem::path const& folder) {
    TokenizerSettings s;
    for (char const* const name : {"tokenizer_config.json", "special_tokens_map.json"})
      if (auto const file = folder / name; is_there(file)) s.take(file);
    return s;
  }
  /// The special token's text: what the files say, or else the family's own.
  [[nodiscard]] std::string name(std::string_view role, TokenizerKind kind) const {
    auto const said = special.find(role);
    return said != special.end() ? said->second.content : usual(role, kind);
  }
  /// What special tokens a family has, by role.
  static constexpr std::array<char const*, 7> roles{
      "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"};
  [[nodiscard]] static std::string usual(std::string_view role, TokenizerKind kind) {
    auto const of = [&](std::array<char const*, 7> const& names) -> std::string {
      for (std::size_t i = 0; i < roles.size(); ++i)
        if (role == roles[i]) return names[i];
      return "";
    };
    switch (kind) {
      case TokenizerKind::clip:
        return of(
            {"<|startoftext|>", "<|endoftext|>", "<|endoftext|>", "", "<|endoftext|>", "", ""});
      case TokenizerKind::bert:
        return of({"", "", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"});
      case TokenizerKind::roberta:
        break;
    }
    return of({"<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"});
  }

 private:
  void take(std::filesystem::path const& file) {
    Json const json = parse_json<CheckpointError>(read_file(file), file.string());
    FieldReader const field(json, file.string());
    auto const flag = [&](char const* name, std::optional<bool>& into) {
      if (bool value = false; field.has(name) && !json[name].is_null()) {
        field.flag(name, value);
        into = value;
      }
    };
    flag("do_lower_case", lower_case);
    flag("strip_accents", strip_accents);
    flag("tokenize_chinese_chars", chinese);
    flag("add_prefix_space", prefix_space);
    for (char const* const role : roles) {
      if (!field.has(role) || json[role].is_null() || special.contains(role)) continue;
      Json const& value = json[role];
      if (!value.is_string() && !value.is_object()) field.fail(role, "a token");
      AddedToken token{value.is_string() ? value.get<std::string>() : ""};
      if (value.is_object()) token = read_added_token(value, text(file.string(), ": ", role));
      special.emplace(role, std::move(token));
    }
    if (field.has("added_tokens_decoder"))
      read_decoder(json["added_tokens_decoder"], file.string());
  }
  void read_decoder(Json const& json, std::string const& file) {
    std::string const where = file + ": added_tokens_decoder";
    if (!json.is_object()) throw CheckpointError(text(where, ": a JSON object is expected"));
    for (auto const& [number, value] : json.items()) {
      AddedToken token = read_added_token(value, text(where, ", ", number));
      auto const end = number.data() + number.size();
      if (auto const [at, why] = std::from_chars(number.data(), end, token.id);
          why != std::errc() || at != end || token.id < 0)
        throw CheckpointError(text(where, ": \"", number, "\" is no number of a token"));
      added.push_back(std::move(token));
    }
    std::ranges::sort(added, {}, &AddedToken::id);
  }
};

}  // namespace vlpt::io
