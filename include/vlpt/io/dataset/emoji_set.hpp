#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/dataset/emoji_font.hpp"
#include "vlpt/io/dataset/emoji_names.hpp"
#include "vlpt/io/decode_png.hpp"
#include "vlpt/io/on_white.hpp"

namespace vlpt::io {

/// Named pictures: the emoji of one character that a font draws, with what Unicode calls them.
/// Debian's fonts-noto-color-emoji and unicode-data hold 1,377 of them.
class EmojiSet {
 public:
  static constexpr char const* usual_font = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf";
  static constexpr char const* usual_names = "/usr/share/unicode/emoji/emoji-test.txt";

  /// InputError where a file is missing or is not what it should be.
  [[nodiscard]] static EmojiSet open(std::filesystem::path const& font = usual_font,
                                     std::filesystem::path const& names = usual_names) {
    return {EmojiFont::open(font), parse_emoji_names(read_file(names), names.string())};
  }
  EmojiSet(EmojiFont font, std::vector<EmojiName> const& names) : font_(std::move(font)) {
    for (EmojiName const& n : names)
      if (!font_.picture(n.character).empty()) names_.push_back(n);
    VLPT_CHECK(!names_.empty(), "the font has a picture for none of the ", names.size(),
               " named emoji");
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(names_.size()); }
  [[nodiscard]] EmojiName const& operator[](Index i) const {
    return names_[static_cast<std::size_t>(i)];
  }
  /// The picture in colour on a white square.
  void image(Index i, Image& out) const {
    EmojiName const& emoji = (*this)[i];
    out =
        white_square(convert(on_white(decode_png(font_.picture(emoji.character), emoji.name)), 3));
  }

 private:
  EmojiFont font_;
  std::vector<EmojiName> names_;
};

}  // namespace vlpt::io
