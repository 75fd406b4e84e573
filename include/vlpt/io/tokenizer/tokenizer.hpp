#pragma once
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/tokenizer/added_tokens.hpp"
#include "vlpt/io/tokenizer/code_points.hpp"
#include "vlpt/io/tokenizer/tokenizer_json.hpp"
#include "vlpt/io/tokenizer/tokenizer_parts.hpp"
#include "vlpt/io/tokenizer/tokenizer_settings.hpp"
#include "vlpt/io/tokenizer/vocabulary_files.hpp"

namespace vlpt::io {

/// A text as numbers of tokens, special ones included; `cut` of its own were left out at its end.
struct Encoded {
  std::vector<Index> ids{};
  Index cut = 0;
};

/// Makes numbers of texts, the same as Hugging Face's fast tokenizers of CLIP, BERT and RoBERTa.
/// Any bytes are a text: what is no UTF-8 reads as U+FFFD. Const use from many threads is safe.
class Tokenizer {
 public:
  using Path = std::filesystem::path;

  explicit Tokenizer(TokenizerParts parts)
      : parts_(std::move(parts)), added_(parts_.added, parts_.normalizer) {}

  /// The tokenizer of a model folder: tokenizer.json, or vocab.json with merges.txt, or vocab.txt,
  /// or bpe_simple_vocab_16e6.txt.gz; also one of these files itself, but vocab.json. Throws
  /// InputError.
  [[nodiscard]] static Tokenizer open(Path const& path) {
    VLPT_CHECK(!path.empty(), "the name of the tokenizer's folder is empty");
    if (!is_folder(path)) return Tokenizer(open_file(path));
    TokenizerSettings const settings = TokenizerSettings::read(path);
    auto const there = [&](char const* name) { return is_there(path / name); };
    bool const vocab = there("vocab.json"), merges = there("merges.txt");
    Path file = path / "tokenizer.json";
    if (!is_there(file) && (vocab || merges)) {
      VLPT_CHECK(vocab && merges, path.string(), " has ", vocab ? "vocab.json" : "merges.txt",
                 ", but no ", vocab ? "merges.txt" : "vocab.json", "; a tokenizer needs both");
      check_added(path, settings);
      Tokenizer t(
          VocabularyFiles::json_and_merges(path / "vocab.json", path / "merges.txt", settings));
      t.check_model(path);
      return t;
    }
    for (char const* const name : {"vocab.txt", "bpe_simple_vocab_16e6.txt.gz"})
      if (!is_there(file)) file = path / name;
    VLPT_CHECK(is_there(file), "there is no tokenizer in ", path.string(),
               "; it has none of tokenizer.json, vocab.json with merges.txt, vocab.txt, "
               "bpe_simple_vocab_16e6.txt.gz");
    if (file.filename() == "vocab.txt") check_added(path, settings);
    Tokenizer t(open_file(file, settings));
    t.check_model(path);
    return t;
  }

  /// The numbers of a text and of the special tokens around it, at most so many: the text's end is
  /// left out where it is longer. Requires room for the special tokens.
  [[nodiscard]] Encoded encode(std::string_view text, Index most) const {
    auto const& [before, after] = std::tie(parts_.before, parts_.after);
    Index const special = static_cast<Index>(before.size() + after.size());
    VLPT_CHECK(most >= special, "a text of at most ", most, " tokens has no room for the ", special,
               " special tokens around it");
    std::vector<Index> const words = pieces(text);
    Index const all = static_cast<Index>(words.size()), kept = std::min(all, most - special);
    Encoded out{before, all - kept};
    out.ids.insert(out.ids.end(), words.begin(), words.begin() + kept);
    out.ids.insert(out.ids.end(), after.begin(), after.end());
    return out;
  }
  /// The numbers of the text alone, all of them.
  [[nodiscard]] std::vector<Index> pieces(std::string_view text) const {
    std::vector<Index> ids;
    std::string word;
    for (auto& [id, part] : added_.split(code_points(text), parts_.normalizer)) {
      if (id != Vocabulary::none) {
        ids.push_back(id);
        continue;
      }
      for (std::u32string_view const letters : parts_.pre_tokenizer(part)) {
        word.clear();
        for (char32_t const c : letters) append_utf8(word, c);
        if (auto const* const bytes = std::get_if<BytePairs>(&parts_.model))
          bytes->encode(word, ids);
        else
          std::get<WordPieces>(parts_.model).encode(parts_.vocabulary, word, ids);
      }
    }
    return ids;
  }

  [[nodiscard]] TokenizerKind kind() const { return parts_.kind; }
  /// How many tokens there are: the rows of a model's table.
  [[nodiscard]] Index vocabulary() const { return parts_.vocabulary.size(); }
  [[nodiscard]] Index start() const { return parts_.before.front(); }
  [[nodiscard]] Index end() const { return parts_.after.back(); }
  /// -1 where the tokenizer has no such token.
  [[nodiscard]] Index pad() const { return parts_.pad; }
  [[nodiscard]] Index unknown() const { return parts_.unknown; }
  [[nodiscard]] Index mask() const { return parts_.mask; }

 private:
  [[nodiscard]] static TokenizerParts open_file(Path const& file,
                                                TokenizerSettings const& settings = {}) {
    require_file(file);
    if (file.extension() == ".gz") return VocabularyFiles::open_ai(file);
    if (file.extension() == ".txt") return VocabularyFiles::lines(file, settings);
    return TokenizerJson::read(file, settings);
  }
  /// Old folders may add tokens in a file of its own.
  static void check_added(Path const& folder, TokenizerSettings const& settings) {
    Path const file = folder / "added_tokens.json";
    VLPT_CHECK(!is_there(file) || !settings.added.empty(), file.string(),
               " adds tokens; vlpt reads them from tokenizer.json or from added_tokens_decoder in "
               "tokenizer_config.json");
  }
  /// A tokenizer of another family would give numbers that mean other words, and one of more tokens
  /// numbers that the model's table of words lacks.
  void check_model(Path const& folder) const {
    Path const file = folder / "config.json";
    if (!is_there(file)) return;
    Json const json = parse_json<CheckpointError>(read_file(file), file.string());
    if (!json.is_object() || !json.contains("model_type")) return;
    Json const& type = json["model_type"];
    auto const wants = [&](TokenizerKind wanted) {
      if (kind() != wanted)
        throw CheckpointError(text(file.string(), ": \"model_type\" ", type.dump(),
                                   " needs a tokenizer of the kind ", wanted, ", but that of ",
                                   parts_.vocabulary.where(), " is of the kind ", kind()));
    };
    if (type == "clip") wants(TokenizerKind::clip);
    if (type == "bert" || type == "vilt") wants(TokenizerKind::bert);
    if (type == "roberta") wants(TokenizerKind::roberta);
    Json const& sizes = type == "clip" && json.contains("text_config") ? json["text_config"] : json;
    if (!sizes.is_object() || !sizes.contains("vocab_size")) return;
    Json const& words = sizes["vocab_size"];
    if (words.is_number_integer() && words.get<Index>() < vocabulary())
      throw CheckpointError(text(file.string(), ": \"vocab_size\" is ", words.dump(), ", but ",
                                 parts_.vocabulary.where(), " has ", vocabulary(),
                                 " tokens: it is another model's"));
  }

  TokenizerParts parts_;
  AddedTokens added_;
};

}  // namespace vlpt::io
