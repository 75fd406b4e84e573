// A font of coloured pictures: its tables, and the bytes of pictures that it speaks of.
#include "vlpt/io/dataset/emoji_font.hpp"
#include "target.hpp"

namespace {

void read(std::string_view content) {
  vlpt::io::EmojiFont const font(std::string(content), "x.ttf");
  std::size_t bytes = 0;
  for (char32_t c : {U'\0', U'A', U'\x1F600', U'\x1F601', U'\x1F602', U'\x10FFFF'})
    for (char const b : font.picture(c)) bytes += static_cast<unsigned char>(b);  // all are there
  if (bytes == 0) throw vlpt::InputError("there is no picture");
}

vlpt::fuzz::Target const target{"emoji_font", read};

}  // namespace
