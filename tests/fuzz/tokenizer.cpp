// Files of tokenizers: one text is read as each of them (vocab.json and merges.txt: the two parts
// of it on either side of a line "---"), and what is accepted encodes it. Fixed tokenizers encode
// it too.
#include <cstdlib>
#include <iostream>

#include "target.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"

namespace {

using vlpt::io::Tokenizer;

/// Whatever the text: numbers of the vocabulary, no more than asked for, and none lost.
void encode(Tokenizer const& tokenizer, std::string_view content) {
  auto const check = [](bool holds, char const* what) {
    if (holds) return;
    std::cerr << "tokenizer: " << what << '\n';
    std::abort();
  };
  auto const all = tokenizer.encode(content, 1'000'000'000);
  check(all.cut == 0, "a text with room is cut");
  for (vlpt::Index const id : all.ids)
    check(id >= 0 && id < tokenizer.vocabulary(), "a number is not in the vocabulary");
  vlpt::Index const most = 77, size = static_cast<vlpt::Index>(all.ids.size());
  auto const some = tokenizer.encode(content, most);
  check(static_cast<vlpt::Index>(some.ids.size()) == std::min(most, size), "a cut text's length");
  check(some.cut == size - static_cast<vlpt::Index>(some.ids.size()), "the count of what is cut");
  check(some.ids.back() == tokenizer.end(), "the end of a cut text");
}

std::vector<Tokenizer> const& fixed() {
  static std::vector<Tokenizer> const all = [] {
    std::vector<Tokenizer> made;
    for (char const* const kind : {"clip", "bert", "roberta"})
      made.push_back(Tokenizer::open(std::filesystem::path(VLPT_SOURCE_DIR) /
                                     "tests/io/fixtures/tokenizers" / kind));
    return made;
  }();
  return all;
}

void read(std::string_view content) {
  static vlpt::test::Scratch const pairs;  // a folder of vocab.json and merges.txt
  for (Tokenizer const& tokenizer : fixed()) encode(tokenizer, content);
  int accepted = 0;
  auto const turn = [&](std::filesystem::path const& path) {
    try {
      auto const tokenizer = Tokenizer::open(path);
      ++accepted;
      encode(tokenizer, content);
    } catch (vlpt::InputError const&) {
    }
  };
  turn(vlpt::fuzz::file_of(content, "tokenizer.json"));
  turn(vlpt::fuzz::file_of(content, "vocab.txt"));
  turn(vlpt::fuzz::file_of(content, "merges.gz"));
  if (auto const line = content.find("\n---\n"); line != std::string_view::npos) {
    (void)pairs.file("vocab.json", content.substr(0, line));
    (void)pairs.file("merges.txt", content.substr(line + 5));
    turn(pairs.path());
    (void)pairs.file("tokenizer_config.json", content.substr(line + 5));
    turn(pairs.path());
    std::filesystem::remove(pairs / "tokenizer_config.json");
  }
  if (accepted == 0) throw vlpt::InputError("no reader of tokenizers accepts it");
}

vlpt::fuzz::Target const target{"tokenizer", read};

}  // namespace
