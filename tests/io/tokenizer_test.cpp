#include "vlpt/io/tokenizer/tokenizer.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "scratch.hpp"
#include "vlpt/io/tokenizer/class_texts.hpp"
#include "vlpt/io/tokenizer/text_batch.hpp"

using namespace vlpt;
using io::Tokenizer;
using test::says;
using Ids = std::vector<Index>;

namespace {

std::filesystem::path const fixtures =
    std::filesystem::path(VLPT_SOURCE_DIR) / "tests/io/fixtures/tokenizers";

Tokenizer const& fixture(std::string const& kind) {
  static Tokenizer const clip = Tokenizer::open(fixtures / "clip"),
                         bert = Tokenizer::open(fixtures / "bert"),
                         roberta = Tokenizer::open(fixtures / "roberta");
  return kind == "clip" ? clip : kind == "bert" ? bert : roberta;
}

Ids encode(Tokenizer const& t, std::string_view text) { return t.encode(text, 1'000'000).ids; }

/// A tokenizer.json of byte pairs, with these parts changed (JSON pointers).
std::string changed(std::vector<std::pair<char const*, io::Json>> const& changes) {
  auto json = io::Json::parse(R"({
    "added_tokens": [{"id": 3, "content": "<s>"}, {"id": 4, "content": "</s>"}],
    "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
    "post_processor": {"type": "RobertaProcessing", "cls": ["<s>", 3], "sep": ["</s>", 4]},
    "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}})");
  for (auto const& [where, value] : changes) json[io::Json::json_pointer(where)] = value;
  return json.dump();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tokenizer)

BOOST_AUTO_TEST_CASE(the_numbers_of_hugging_face) {
  auto const texts = io::Json::parse(io::read_file(fixtures / "texts.json"));
  for (char const* const kind : {"clip", "bert", "roberta"}) {
    std::istringstream rows(io::read_file(fixtures / kind / "expected.txt"));
    Index compared = 0;
    for (io::Json const& text : texts) {
      std::string row;
      std::getline(rows, row);
      Ids expected;
      std::istringstream numbers(row);
      for (Index id; numbers >> id;) expected.push_back(id);
      BOOST_TEST(encode(fixture(kind), text.get<std::string>()) == expected,
                 kind << ": " << text.dump());
      ++compared;
    }
    BOOST_TEST(compared == 261);
  }
}

BOOST_AUTO_TEST_CASE(special_tokens) {
  Tokenizer const &clip = fixture("clip"), &bert = fixture("bert"), &roberta = fixture("roberta");
  BOOST_TEST((clip.kind() == io::TokenizerKind::clip));
  BOOST_TEST((bert.kind() == io::TokenizerKind::bert));
  BOOST_TEST((roberta.kind() == io::TokenizerKind::roberta));
  BOOST_TEST((encode(clip, "") == Ids{clip.start(), clip.end()}));
  BOOST_TEST(clip.end() == clip.vocabulary() - 1);
  BOOST_TEST(clip.pad() == clip.end());
  BOOST_TEST(clip.unknown() == clip.end());
  BOOST_TEST(clip.mask() == -1);
  BOOST_TEST((Ids{bert.pad(), bert.unknown(), bert.start(), bert.end(), bert.mask()} ==
              Ids{0, 1, 2, 3, 4}));
  BOOST_TEST(
      (Ids{roberta.start(), roberta.pad(), roberta.end(), roberta.unknown()} == Ids{0, 1, 2, 3}));
  BOOST_TEST(roberta.mask() == roberta.vocabulary() - 1);
  BOOST_TEST((encode(bert, "[MASK]") == Ids{2, 4, 3}));
  BOOST_TEST((encode(roberta, " \t<mask>") == Ids{0, roberta.mask(), 2}));  // it takes the space
}

BOOST_AUTO_TEST_CASE(a_long_text_is_cut_before_its_end_token) {
  for (char const* const kind : {"clip", "bert", "roberta"}) {
    Tokenizer const& t = fixture(kind);
    Ids const all = encode(t, "a photo of a fox");
    auto const cut = t.encode("a photo of a fox", 4);
    BOOST_TEST((cut.ids == Ids{all[0], all[1], all[2], t.end()}));
    BOOST_TEST(cut.cut == static_cast<Index>(all.size()) - 4);
    BOOST_TEST(t.encode("a photo of a fox", static_cast<Index>(all.size())).cut == 0);
    BOOST_TEST((t.encode("a", 2).ids == Ids{t.start(), t.end()}));
    BOOST_CHECK_EXCEPTION((void)t.encode("a", 1), InputError, says("at most 1", "2 special"));
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8_reads_as_a_replacement) {
  Tokenizer const& t = fixture("roberta");
  auto const same = [&](std::string_view broken, std::string_view text) {
    BOOST_TEST(encode(t, broken) == encode(t, text), text);
  };
  same("a\xff", "a\ufffd");
  same("\xc3", "\ufffd");
  same("\xe2\x82z", "\ufffdz");                // one for what could have begun a character
  same("\xed\xa0\x80", "\ufffd\ufffd\ufffd");  // a surrogate
  same("\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd");  // past U+10FFFF
  same("\xc0\xaf", "\ufffd\ufffd");                      // overlong
  same("\xf0\x9f\x98\x80\xf0\x9f\x98", "😀\ufffd");
}

BOOST_AUTO_TEST_CASE(characters_that_the_reference_does_not_know) {
  using Form = io::UnicodeForm;
  auto const same = [](std::u32string const& found, std::u32string_view expected) {
    BOOST_TEST((found == expected), io::as_utf8(expected));
  };
  same(Form::composed(U"e\u0301\u1112\u1161\u11ab"), U"\u00e9\ud55c");
  same(Form::composed(U"\u0958\u212b"), U"\u0915\u093c\u00c5");  // one of these is never composed
  same(Form::decomposed(U"\u1e69\u0316"), U"s\u0323\u0316\u0307");
  same(Form::composed(U"\U00011935\U00011930"), U"\U00011935\U00011930");  // Unicode 13: U+11938
  same(Form::decomposed(U"\U00011938"), U"\U00011938");
  same(Form::decomposed(U"a\u0301\u0899"), U"a\u0301\u0899");  // Unicode 14: a mark below
  same(Form::lowercase(U"\u0130\u03a3\u1e9e\u1c89\ua7cb\ua7dc\U00010d50\U00016ea0"),
       U"i\u0307\u03c3\u00df\u1c8a\u0264\u019b\U00010d70\U00016ebb");
}

BOOST_AUTO_TEST_CASE(hostile_lengths) {
  std::string const letters(100'000, 'a');
  std::string marks;
  for (int i = 0; i < 50'000; ++i) marks += i % 2 ? "\u0323" : "\u0301";
  for (char const* const kind : {"clip", "bert", "roberta"}) {
    BOOST_TEST(fixture(kind).encode(letters, 8).ids.size() <= 8U);
    BOOST_TEST(fixture(kind).encode(marks, 8).ids.size() <= 8U);
  }
  BOOST_TEST((encode(fixture("bert"), letters) == Ids{2, 1, 3}));  // one unknown word
}

BOOST_AUTO_TEST_CASE(settings_of_the_folder) {
  test::Scratch const folder;
  (void)folder.file("vocab.txt", "[PAD]\r\n[UNK]\r\n[CLS]\n[SEP]\na\nA\n\u00e4\n中\n\n");
  BOOST_TEST((encode(Tokenizer::open(folder.path()), "A ä 中a") == Ids{2, 4, 4, 7, 4, 3}));
  (void)folder.file("tokenizer_config.json", R"({"do_lower_case": false})");
  BOOST_TEST((encode(Tokenizer::open(folder.path()), "A ä 中") == Ids{2, 5, 6, 7, 3}));
  (void)folder.file("tokenizer_config.json",
                    R"({"strip_accents": false, "tokenize_chinese_chars": false})");
  BOOST_TEST((encode(Tokenizer::open(folder.path()), "A ä 中a") == Ids{2, 4, 6, 1, 3}));
  (void)folder.file("tokenizer_config.json", R"({"added_tokens_decoder": {
      "8": {"content": "[NEW]", "rstrip": true, "normalized": false}}, "pad_token": "a"})");
  auto const t = Tokenizer::open(folder.path());
  BOOST_TEST((encode(t, "a[NEW]  a") == Ids{2, 4, 8, 4, 3}));
  BOOST_TEST(t.vocabulary() == 9);
  BOOST_TEST(t.pad() == 4);
}

BOOST_AUTO_TEST_CASE(open_ai_merges) {
  test::Scratch const folder;  // zlib reads what is not packed, too
  (void)folder.file("bpe_simple_vocab_16e6.txt.gz", "\"version\nh e\nl o</w>\nhe l\n");
  auto const t = Tokenizer::open(folder.path());
  BOOST_TEST(t.vocabulary() == 512 + 3 + 2);
  BOOST_TEST((encode(t, " HELLO hell") == Ids{515, 514, 513, 514, 'l' - 33 + 256, 516}));
  BOOST_TEST(t.pad() == 0);
}

BOOST_AUTO_TEST_CASE(steps_of_tokenizer_json) {
  test::Scratch const folder;
  auto const ids = [&](std::vector<std::pair<char const*, io::Json>> const& changes,
                       std::string_view text) {
    (void)folder.file("tokenizer.json", changed(changes));
    return encode(Tokenizer::open(folder.path()), text);
  };
  BOOST_TEST((ids({}, "abAb</s>") == Ids{3, 2, 1, 4, 4}));  // bytes without a token go
  BOOST_TEST((ids({{"/normalizer", {{"type", "Lowercase"}}}}, "abAb") == Ids{3, 2, 2, 4}));
  BOOST_TEST(
      (ids({{"/model/unk_token", "b"}}, "cac") == Ids{3, 1, 2, 4}));  // unknown ones merge as well
  BOOST_TEST((ids({{"/model/merges", io::Json::parse(R"([["a", "b"]])")}}, "ab") == Ids{3, 2, 4}));
  BOOST_TEST((ids({{"/added_tokens/1/normalized", true}, {"/normalizer", {{"type", "Lowercase"}}}},
                  "a</S>") == Ids{3, 0, 4, 4}));
  BOOST_TEST((ids({{"/model/vocab/\u0120", 5}, {"/pre_tokenizer/add_prefix_space", true}},
                  "ab<s>a") == Ids{3, 5, 2, 3, 5, 0, 4}));
}

BOOST_AUTO_TEST_CASE(what_is_not_supported_is_named) {
  test::Scratch const folder;
  auto const refused = [&](char const* where, io::Json const& value, auto... words) {
    (void)folder.file("tokenizer.json", changed({{where, value}}));
    BOOST_CHECK_EXCEPTION((void)Tokenizer::open(folder.path()), CheckpointError,
                          says("tokenizer.json", words...));
  };
  refused("/normalizer", {{"type", "Precompiled"}}, "normalizer", "NFC", "\"Precompiled\"");
  refused("/normalizer", {{"type", "Replace"}}, "\\s+ with the content");
  refused("/pre_tokenizer", {{"type", "Metaspace"}}, "pre_tokenizer", "\"Metaspace\"");
  refused("/pre_tokenizer", {{"type", "BertPreTokenizer"}}, "with ByteLevel for a BPE model");
  refused("/post_processor", {{"type", "ByteLevel"}}, "a token before and one after");
  refused("/post_processor/sep", {"</s>", 5}, "\"sep\"", "in the vocabulary");
  refused("/model/type", "Unigram", "\"BPE\" or \"WordPiece\"", "\"Unigram\"");
  refused("/model/byte_fallback", true, "byte_fallback");
  refused("/model/ignore_merges", true, "ignore_merges");
  refused("/model/dropout", 0.5, "dropout");
  refused("/model/merges", {"b a"}, "merge 1 (\"b a\") needs the token \"ba\"");
  refused("/model/merges", {"a b c"}, "merge 1 must be two pieces");
  refused("/model/unk_token", "?", "no token \"?\"");
  refused("/model/vocab/a", 2, "two tokens have the number 2");
  refused("/model/vocab/c", 7, "no token has the number 5");
  refused("/model/vocab/a", "x", "number of token \"a\" is \"x\"");
  refused("/added_tokens/0/single_word", true, "added_tokens[0]", "single_word");
  refused("/added_tokens/0/id", 1, "two tokens have the number 1");
  refused("/added_tokens/1/content", "a", "\"a\" has the number 4 here and 0");
  refused("/model", 3, "\"model\" must be a JSON object");
}

BOOST_AUTO_TEST_CASE(files_that_are_missing_or_broken) {
  test::Scratch const folder;
  auto const refused = [&](auto... words) {
    BOOST_CHECK_EXCEPTION((void)Tokenizer::open(folder.path()), InputError, says(words...));
  };
  refused("no tokenizer in", "tokenizer.json", "vocab.json with merges.txt", "vocab.txt");
  BOOST_CHECK_EXCEPTION((void)Tokenizer::open(folder / "none"), InputError,
                        says("none", "no such file"));
  (void)folder.file("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\na\n");
  refused("vocab.txt", "token \"a\" is there twice, as number 4 and as 5");
  (void)folder.file("vocab.txt", "[PAD]\n[UNK]\n[CLS]\na\n");
  refused("vocab.txt", "no token \"[SEP]\"", "sep_token");
  (void)folder.file("vocab.txt", "[PAD]\n\n[CLS]\n");
  refused("vocab.txt, line 2: it is empty");
  (void)folder.file("vocab.txt", "\xff\n");
  refused("vocab.txt", "no UTF-8");
  (void)folder.file("vocab.txt", "");
  refused("vocab.txt", "the file is empty");
  (void)folder.file("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n");
  (void)folder.file("config.json", R"({"model_type": "roberta"})");
  refused("config.json", "\"roberta\"", "vocab.txt is of the kind bert");
  (void)folder.file("config.json", R"({"model_type": "bert", "vocab_size": 3})");
  refused("config.json", "\"vocab_size\" is 3", "vocab.txt has 4 tokens");
  (void)folder.file("config.json", R"({"model_type": "vilt", "vocab_size": 4})");
  BOOST_TEST(Tokenizer::open(folder.path()).vocabulary() == 4);
  (void)folder.file("added_tokens.json", R"({"x": 4})");
  refused("added_tokens.json", "added_tokens_decoder");
  (void)folder.file("merges.txt", "#version: 0.2\na b c\n");
  refused("merges.txt, but no vocab.json");
  (void)folder.file("vocab.json", R"({"<s>": 0, "</s>": 1, "<pad>": 2, "<unk>": 3})");
  std::filesystem::remove(folder / "added_tokens.json");
  refused("merges.txt, line 2: two pieces", "\"a b c\"");
  (void)folder.file("merges.txt", "a b\n");
  refused("merges.txt: merge 1 (\"a b\") needs the token \"a\"");
}

BOOST_AUTO_TEST_CASE(batches_of_texts) {
  Tokenizer const& t = fixture("bert");
  std::vector<std::string> const texts{"a photo", "", "a photo of a fox"};
  auto const batch = io::text_batch(t, texts, 5);
  BOOST_TEST(batch.texts == 3);
  BOOST_TEST(batch.words == 5);
  BOOST_TEST((Ids(batch.ids.begin() + 5, batch.ids.begin() + 10) == Ids{2, 3, 0, 0, 0}));
  BOOST_TEST((std::vector<unsigned char>(batch.mask.begin() + 5, batch.mask.begin() + 10) ==
              std::vector<unsigned char>{1, 1, 0, 0, 0}));
  BOOST_TEST(batch.ids.back() == 3);
  BOOST_TEST(batch.cut[1] == 0);
  BOOST_TEST(batch.cut[2] == static_cast<Index>(encode(t, texts[2]).size()) - 5);
  BOOST_TEST(io::text_batch(t, std::span(texts).first(2), 40, 40).words == 40);
  BOOST_CHECK_EXCEPTION((void)io::text_batch(t, texts, 5, 6), InputError, says("at most 5", "6"));
}

BOOST_AUTO_TEST_CASE(texts_of_classes) {
  Tokenizer const& t = fixture("clip");
  std::vector<std::string> const names{"red_fox", "ox"};
  auto const named = io::class_texts(t, names, "{}.");
  Ids const fox = encode(t, "red fox."), ox = encode(t, "ox.");
  BOOST_TEST(named.texts.classes == 2);
  BOOST_TEST_REQUIRE(named.texts.tokens == static_cast<Index>(fox.size()));
  Ids expected = fox;
  expected.insert(expected.end(), ox.begin(), ox.end());
  expected.resize(2 * fox.size(), t.pad());
  BOOST_TEST(named.texts.ids == expected);
  BOOST_TEST((named.texts.name_lengths ==
              Ids{static_cast<Index>(fox.size()) - 3, static_cast<Index>(ox.size()) - 3}));
  BOOST_TEST((named.cut == Ids{0, 0}));
  auto const photos = io::class_texts(t, names, "a photo of a {}.", 6);
  BOOST_TEST(photos.texts.name_lengths.empty());
  BOOST_TEST(photos.texts.tokens == 6);
  BOOST_TEST(photos.texts.ids[5] == t.end());
  BOOST_TEST(photos.cut[0] == static_cast<Index>(encode(t, "a photo of a red fox.").size()) - 6);
  BOOST_CHECK_EXCEPTION((void)io::class_texts(t, names, "a photo"), InputError, says("{}"));
  auto const whole = io::whole_texts(t, names);  // a text of its own keeps its underscores
  Ids const under = encode(t, "red_fox");
  BOOST_TEST(under != encode(t, "red fox"));
  BOOST_TEST_REQUIRE(whole.texts.tokens == static_cast<Index>(under.size()));
  BOOST_TEST((Ids(whole.texts.ids.begin(), whole.texts.ids.begin() + whole.texts.tokens) == under));
  BOOST_TEST(whole.texts.name_lengths.empty());
}

BOOST_AUTO_TEST_SUITE_END()
