#pragma once
#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/io/dataset/easy_vqa.hpp"

namespace vlpt::io {

inline constexpr std::array<std::string_view, 8> easy_vqa_colours{
    "black", "blue", "brown", "gray", "green", "red", "teal", "yellow"};
inline constexpr std::array<std::string_view, 3> easy_vqa_shapes{"circle", "rectangle", "triangle"};

/// What the questions about an easy-VQA picture and their answers give away of it; -1: nothing.
struct ShapeFacts {
  Index colour = -1;  // of easy_vqa_colours
  Index shape = -1;   // of easy_vqa_shapes
  [[nodiscard]] bool known() const { return colour >= 0 && shape >= 0; }
};

/// The place of a word among names; -1 if it is none of them.
template <std::size_t N>
[[nodiscard]] Index place_of(std::string_view word, std::array<std::string_view, N> const& names) {
  auto const at = std::ranges::find(names, word);
  return at == names.end() ? -1 : at - names.begin();
}

/// The facts of every picture of a set: "what is the blue shape?" tells a colour and its answer a
/// shape; "is there not a circle?" tells a shape where the answer is no.
[[nodiscard]] inline std::vector<ShapeFacts> easy_vqa_facts(EasyVqa const& data) {
  std::vector<ShapeFacts> out(static_cast<std::size_t>(data.pictures()));
  for (Index i = 0; i < data.size(); ++i) {
    ShapeFacts& facts = out[static_cast<std::size_t>(data.picture_of(i))];
    auto const tell = [&facts](std::string_view word) {
      if (Index const c = place_of(word, easy_vqa_colours); c >= 0) facts.colour = c;
      if (Index const s = place_of(word, easy_vqa_shapes); s >= 0) facts.shape = s;
    };
    std::string words = data.question(i);
    std::erase(words, '?');
    bool const denies =
        words.find(" not ") != std::string::npos || words.find(" no ") != std::string::npos;
    bool const yes_no = data.answer(i) == "yes" || data.answer(i) == "no";
    if (yes_no && (data.answer(i) == "yes") == denies) continue;  // what is named is not there
    tell(data.answer(i));
    std::istringstream in(words);
    for (std::string word; in >> word;) tell(word);
  }
  return out;
}

}  // namespace vlpt::io
