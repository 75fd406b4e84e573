// PNG and JPEG, and what becomes of their pixels. A fuzzer cannot guess checksums or what zlib
// packs, so a PNG is also read with its sums renewed, and with its pixels taken for rows to be
// packed.
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "target.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/decode_image.hpp"

namespace {

using vlpt::io::Filter;
using vlpt::io::PictureFit;

Bytef const* bytes(std::string_view s) {
  return static_cast<Bytef const*>(static_cast<void const*>(s.data()));
}
std::string number(std::size_t n) {
  std::string s;
  for (int shift = 24; shift >= 0; shift -= 8) s += static_cast<char>(n >> shift);
  return s;
}

/// The chunks of a PNG anew, as far as their lengths make sense.
std::string renewed(std::string_view png, bool pack) {
  std::string out(png.substr(0, 8));
  png.remove_prefix(8);
  while (png.size() >= 12) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length * 256 + static_cast<std::uint8_t>(png[i]);
    length = std::min(length, png.size() - 12);
    std::string chunk(png.substr(4, 4 + length));
    if (pack && chunk.starts_with("IDAT")) {
      uLongf size = ::compressBound(chunk.size());
      std::string packed(size, '\0');
      ::compress(static_cast<Bytef*>(static_cast<void*>(packed.data())), &size, bytes(chunk) + 4,
                 chunk.size() - 4);
      chunk = "IDAT" + packed.substr(0, size);
    }
    out += number(chunk.size() - 4) + chunk + number(::crc32_z(0, bytes(chunk), chunk.size()));
    png.remove_prefix(12 + length);
  }
  return out;
}

void see(std::string_view content) {
  auto const image = vlpt::io::decode_image(content, "x");
  (void)vlpt::io::resize(image, 5, 3, Filter::bicubic);
  for (auto scale : {PictureFit::Scale::shortest, PictureFit::Scale::multiple})
    (void)PictureFit{.scale = scale, .to = 7, .multiple = 2}.apply(vlpt::io::convert(image, 3), 9,
                                                                   Filter::bilinear);
}

void read(std::string_view content) {
  if (content.starts_with("\x89PNG\r\n\x1a\n"))
    for (bool pack : {false, true}) try {
        see(renewed(content, pack));
      } catch (vlpt::InputError const&) {
      }
  see(content);
}

vlpt::fuzz::Target const target{"images", read};

}  // namespace
