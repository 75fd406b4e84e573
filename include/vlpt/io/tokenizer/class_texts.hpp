#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/tokenizer/text_batch.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"
#include "vlpt/models/class_texts.hpp"

namespace vlpt::io {

/// Texts of classes, and how many tokens of each were left out at its end.
struct NamedClassTexts {
  ClassTexts texts{};
  std::vector<Index> cut{};
};

/// Texts as they are, all as long as the longest, at most `most`.
[[nodiscard]] inline NamedClassTexts whole_texts(Tokenizer const& tokenizer,
                                                 std::span<std::string const> texts,
                                                 Index most = 77) {
  TextBatch batch = text_batch(tokenizer, texts, most);
  NamedClassTexts out;
  out.texts.classes = batch.texts;
  out.texts.tokens = batch.words;
  out.texts.ids = std::move(batch.ids);
  out.cut = std::move(batch.cut);
  return out;
}

/// A text for each name: "{}" in the template is the name, whose underscores are spaces (CoOp). All
/// are as long as the longest, at most `most`. The names' lengths are known where the template
/// starts with the name ("{}."), as a context in front or in the middle requires.
[[nodiscard]] inline NamedClassTexts class_texts(Tokenizer const& tokenizer,
                                                 std::span<std::string const> names,
                                                 std::string_view pattern = "a photo of a {}.",
                                                 Index most = 77) {
  auto const place = pattern.find("{}");
  VLPT_CHECK(place != std::string_view::npos, "the template \"", pattern,
             "\" must hold {}, where the name of a class goes");
  std::vector<std::string> texts;
  std::vector<Index> lengths;
  for (std::string name : names) {
    std::ranges::replace(name, '_', ' ');
    if (place == 0) lengths.push_back(static_cast<Index>(tokenizer.pieces(name).size()));
    texts.push_back(std::string(pattern.substr(0, place)) + name +
                    std::string(pattern.substr(place + 2)));
  }
  NamedClassTexts out = whole_texts(tokenizer, texts, most);
  for (Index& length : lengths)  // of a name that was cut
    length = std::min(length, std::max<Index>(0, out.texts.tokens - 2));
  out.texts.name_lengths = std::move(lengths);
  return out;
}

}  // namespace vlpt::io
