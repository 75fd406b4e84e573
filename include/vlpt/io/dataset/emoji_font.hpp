#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/dataset/font_table.hpp"
#include "vlpt/io/read_file.hpp"

namespace vlpt::io {

/// A font of coloured pictures as Noto Color Emoji is one (OpenType tables CBDT and CBLC): from a
/// character to its PNG. Reads cmap format 12, index format 1 and image format 17 of the largest
/// strike; other formats are passed over. Throws InputError, naming font and table, for bytes that
/// are no such font.
class EmojiFont {
 public:
  [[nodiscard]] static EmojiFont open(std::filesystem::path const& path) {
    return {read_file(path), path.string()};
  }
  EmojiFont(std::string bytes, std::string where)
      : bytes_(std::move(bytes)), where_(std::move(where)) {
    read_characters();
    read_strike();
  }

  /// The PNG of a character; empty where the font has no picture for it.
  [[nodiscard]] std::string_view picture(char32_t character) const {
    for (Characters const& run : characters_)
      if (run.first <= character && character <= run.last)
        return picture_of_glyph(run.glyph + (static_cast<std::uint32_t>(character) - run.first));
    return {};
  }

 private:
  struct Characters {
    std::uint32_t first, last, glyph;
  };
  struct Glyphs {
    std::uint32_t first, last;
    std::size_t offsets;  // where in CBLC
    std::size_t data;     // where in CBDT
  };

  [[nodiscard]] FontTable table(std::string_view name) const {
    FontTable const file{bytes_, where_, "its head"};
    std::size_t const count = file.u16(4);
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t const record = 12 + 16 * i;
      if (file.at(record, 4) != name) continue;
      return {file.at(file.u32(record + 8), file.u32(record + 12)), where_, name};
    }
    throw InputError(
        text(where_, ": this is no font with coloured pictures (it has no table ", name, ')'));
  }

  void read_characters() {
    FontTable const cmap = table("cmap");
    std::size_t const count = cmap.u16(2);
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t const at = cmap.u32(4 + 8 * i + 4);
      if (cmap.u16(at) != 12) continue;
      std::size_t const groups = cmap.u32(at + 12);
      (void)cmap.at(at + 16, 12 * groups);  // before memory follows what the file claims
      for (std::size_t g = 0; g < groups; ++g) {
        std::size_t const group = at + 16 + 12 * g;
        characters_.push_back({cmap.u32(group), cmap.u32(group + 4), cmap.u32(group + 8)});
      }
      return;
    }
    throw InputError(text(where_, ": its table cmap has no subtable of format 12"));
  }

  void read_strike() {
    FontTable const cblc = table("CBLC");
    std::size_t const strikes = cblc.u32(4), record = 48;
    (void)cblc.at(8, record * strikes);
    std::size_t best = 0, ppem = 0;
    for (std::size_t s = 0; s < strikes; ++s) {
      std::size_t const size = static_cast<std::uint8_t>(cblc.at(8 + record * s + 45, 1)[0]);
      if (size > ppem) best = s, ppem = size;
    }
    if (ppem == 0) throw InputError(text(where_, ": its table CBLC has no strike"));
    std::size_t const list = cblc.u32(8 + record * best), count = cblc.u32(8 + record * best + 8);
    (void)cblc.at(list, 8 * count);
    for (std::size_t i = 0; i < count; ++i) {
      std::uint32_t const first = cblc.u16(list + 8 * i), last = cblc.u16(list + 8 * i + 2);
      std::size_t const at = list + cblc.u32(list + 8 * i + 4);
      if (last < first || cblc.u16(at) != 1 || cblc.u16(at + 2) != 17) continue;
      glyphs_.push_back({first, last, at + 8, cblc.u32(at + 4)});
    }
    if (glyphs_.empty())
      throw InputError(text(where_, ": its table CBLC has no pictures of image format 17"));
  }

  [[nodiscard]] std::string_view picture_of_glyph(std::uint32_t glyph) const {
    for (Glyphs const& run : glyphs_) {
      if (glyph < run.first || run.last < glyph) continue;
      FontTable const cblc = table("CBLC"), cbdt = table("CBDT");
      std::size_t const entry = run.offsets + 4 * std::size_t{glyph - run.first};
      std::size_t const begin = cblc.u32(entry), end = cblc.u32(entry + 4);
      if (begin == end) return {};  // the glyph has no picture in this strike
      constexpr std::size_t metrics = 5;
      std::size_t const at = run.data + begin + metrics;
      return cbdt.at(at + 4, cbdt.u32(at));
    }
    return {};
  }

  std::string bytes_, where_;
  std::vector<Characters> characters_;
  std::vector<Glyphs> glyphs_;
};

}  // namespace vlpt::io
