#pragma once
#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/tokenizer/byte_letters.hpp"
#include "vlpt/io/tokenizer/model_json.hpp"
#include "vlpt/io/tokenizer/tokenizer_parts.hpp"
#include "vlpt/io/tokenizer/tokenizer_settings.hpp"
#include "vlpt/io/utf8.hpp"

namespace vlpt::io {

/// Tokenizers whose files are a vocabulary and merges; how a text is treated is the family's way,
/// with what the settings say.
class VocabularyFiles {
 public:
  using Path = std::filesystem::path;

  /// vocab.json and merges.txt: CLIP where words end in "</w>", else RoBERTa.
  [[nodiscard]] static TokenizerParts json_and_merges(Path const& vocab, Path const& merges,
                                                      TokenizerSettings const& settings) {
    Vocabulary vocabulary(vocab.string());
    add_tokens(parse_json<CheckpointError>(read_file(vocab), vocab.string()), vocab.string(),
               vocabulary);
    bool const clip = vocabulary.find("!</w>") != Vocabulary::none;
    auto const lines = lines_of(read_file(merges), merges.string());
    std::vector<BytePairs::Merge> pairs;
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (!lines[i].starts_with("#version")) pairs.push_back(pair(lines[i], i, merges.string()));
    return byte_pairs(clip ? TokenizerKind::clip : TokenizerKind::roberta, std::move(vocabulary),
                      pairs, merges.string(), settings);
  }
  /// vocab.txt: BERT, whose numbers are those of the lines.
  [[nodiscard]] static TokenizerParts lines(Path const& vocab, TokenizerSettings const& settings) {
    Vocabulary vocabulary(vocab.string());
    auto const tokens = lines_of(read_file(vocab), vocab.string());
    for (std::size_t i = 0; i < tokens.size(); ++i)
      vocabulary.add(std::string(tokens[i]), static_cast<Index>(i));
    auto const kind = TokenizerKind::bert;
    auto added = add_special(vocabulary, settings, kind);
    auto const special = [&](char const* role) {
      return vocabulary.require(settings.name(role, kind), text("its \"", role, "\""));
    };
    Index const unknown = special("unk_token"), pad = special("pad_token"),
                start = special("cls_token"), end = special("sep_token"),
                mask = vocabulary.find(settings.name("mask_token", kind));
    bool const lower = settings.lower_case.value_or(true);
    return {kind,
            std::move(vocabulary),
            Normalizer::bert(true, settings.chinese.value_or(true),
                             settings.strip_accents.value_or(lower), lower),
            {false, {PreTokenizer::Split::bert}},
            WordPieces("##", 100, unknown),
            std::move(added),
            {start},
            {end},
            pad,
            unknown,
            mask};
  }
  /// bpe_simple_vocab_16e6.txt.gz of OpenAI's CLIP and open_clip, which pad with 0.
  [[nodiscard]] static TokenizerParts open_ai(Path const& file) {
    std::string const where = file.string();
    std::string const content = unpacked(file);
    auto const lines = lines_of(content, where);
    std::vector<BytePairs::Merge> pairs;
    // A heading, then more merges than CLIP took.
    for (std::size_t i = 1; i < std::min(lines.size(), open_ai_merges + 1); ++i)
      pairs.push_back(pair(lines[i], i, where));
    // The numbers: bytes that print, in order, then the others; those as ends of words; merges.
    std::vector<std::string> letters;
    for (bool const first : {true, false})
      for (std::string const& letter : byte_letters())
        if ((code_points(letter).front() < 0x100) == first) letters.push_back(letter);
    Vocabulary vocabulary(where);
    for (char const* const end : {"", "</w>"})
      for (std::string const& letter : letters) vocabulary.add(letter + end, vocabulary.size());
    for (auto const& [left, right] : pairs) vocabulary.add(left + right, vocabulary.size());
    for (char const* const token : {"<|startoftext|>", "<|endoftext|>"})
      vocabulary.add(token, vocabulary.size());
    auto parts = byte_pairs(TokenizerKind::clip, std::move(vocabulary), pairs, where, {});
    parts.pad = 0;
    return parts;
  }

 private:
  static constexpr std::size_t open_ai_merges = 49'152 - 256 - 2;

  [[nodiscard]] static TokenizerParts byte_pairs(TokenizerKind kind, Vocabulary vocabulary,
                                                 std::vector<BytePairs::Merge> const& merges,
                                                 std::string const& merges_file,
                                                 TokenizerSettings const& settings) {
    bool const clip = kind == TokenizerKind::clip;
    auto added = add_special(vocabulary, settings, kind);
    auto const special = [&](char const* role) {
      return vocabulary.require(settings.name(role, kind), text("its \"", role, "\""));
    };
    Index const unknown = special("unk_token"), pad = special("pad_token"),
                start = special(clip ? "bos_token" : "cls_token"),
                end = special(clip ? "eos_token" : "sep_token"),
                mask = vocabulary.find(settings.name("mask_token", kind));
    using Split = PreTokenizer::Split;
    PreTokenizer words{!clip && settings.prefix_space.value_or(false), {Split::gpt2}};
    if (clip) words.splits.insert(words.splits.begin(), Split::clip_special);
    BytePairs pieces(vocabulary, merges, clip ? "</w>" : "", clip ? unknown : Vocabulary::none,
                     merges_file);
    return {kind,
            std::move(vocabulary),
            clip ? Normalizer::clip() : Normalizer{},
            std::move(words),
            std::move(pieces),
            std::move(added),
            {start},
            {end},
            pad,
            unknown,
            mask};
  }

  /// The special tokens as added ones, and those that tokenizer_config.json adds to the vocabulary.
  [[nodiscard]] static std::vector<AddedToken> add_special(Vocabulary& vocabulary,
                                                           TokenizerSettings const& settings,
                                                           TokenizerKind kind) {
    std::vector<AddedToken> added = settings.added;
    for (AddedToken const& token : added) {
      Index const known = vocabulary.find(token.content);
      if (known == Vocabulary::none) vocabulary.add(token.content, token.id);
      if (known != Vocabulary::none && known != token.id)
        throw CheckpointError(text(vocabulary.where(), ": the token \"", token.content,
                                   "\" has the number ", known, ", and ", token.id,
                                   " in tokenizer_config.json"));
    }
    vocabulary.check();
    for (char const* const role : TokenizerSettings::roles) {
      auto const said = settings.special.find(role);
      AddedToken token = said != settings.special.end()
                             ? said->second
                             : AddedToken{TokenizerSettings::usual(role, kind)};
      token.id = vocabulary.find(token.content);
      bool const there = std::ranges::any_of(
          added, [&](AddedToken const& t) { return t.content == token.content; });
      if (token.id != Vocabulary::none && !there) added.push_back(std::move(token));
    }
    return added;
  }

  /// Lines, which end in LF or CRLF; only behind the last there may be empty ones.
  [[nodiscard]] static std::vector<std::string> lines_of(std::string const& content,
                                                         std::string const& where) {
    if (!is_utf8(content)) throw CheckpointError(text(where, ": this is no UTF-8 text"));
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < content.size();) {
      std::size_t const end = std::min(content.find('\n', at), content.size());
      lines.push_back(content.substr(at, end - at));
      if (lines.back().ends_with('\r')) lines.back().pop_back();
      at = end + 1;
    }
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    auto const empty = std::ranges::find(lines, "");
    if (lines.empty()) throw CheckpointError(text(where, ": the file is empty"));
    if (empty != lines.end())
      throw CheckpointError(text(where, ", line ", empty - lines.begin() + 1, ": it is empty"));
    return lines;
  }
  [[nodiscard]] static BytePairs::Merge pair(std::string const& line, std::size_t i,
                                             std::string const& where) {
    auto const space = line.find(' ');
    if (space == 0 || space + 1 >= line.size() || line.find(' ', space + 1) != std::string::npos)
      throw CheckpointError(
          text(where, ", line ", i + 1, ": two pieces are expected, not \"", line, "\""));
    return {line.substr(0, space), line.substr(space + 1)};
  }
  [[nodiscard]] static std::string unpacked(Path const& path) {
    constexpr std::size_t most = std::size_t{1} << 26;
    require_file(path);
    std::unique_ptr<gzFile_s, int (*)(gzFile)> const file(::gzopen(path.c_str(), "rb"), ::gzclose);
    if (!file) throw CheckpointError(text(path.string(), ": it cannot be read"));
    std::string content;
    std::array<char, std::size_t{1} << 16> piece;
    for (int n = 1; n > 0;) {
      n = ::gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()));
      if (n < 0) throw CheckpointError(text(path.string(), ": its gzip data are broken"));
      content.append(piece.data(), static_cast<std::size_t>(n));
      if (content.size() > most)
        throw CheckpointError(text(path.string(), ": more than ", most, " bytes of merges"));
    }
    return content;
  }
};

}  // namespace vlpt::io
