#include "vlpt/io/decode_image.hpp"

#include <boost/test/unit_test.hpp>
#include <numeric>

#include "sample_images.hpp"
#include "scratch.hpp"
#include "vlpt/core/random.hpp"

using namespace vlpt;
using Pixels = std::vector<std::uint8_t>;
using test::says;
using test::Scratch;

namespace {

void is(std::string const& bytes, Index width, Index height, Index channels, Pixels const& pixels) {
  auto const image = io::decode_image(bytes, "x");
  BOOST_TEST(image.width == width);
  BOOST_TEST(image.height == height);
  BOOST_TEST(image.channels == channels);
  BOOST_TEST(image.pixels == pixels, boost::test_tools::per_element());
}
void refused(std::string const& bytes, char const* what) {
  BOOST_CHECK_EXCEPTION((void)io::decode_image(bytes, "pic"), InputError, says("pic", what));
}
int sum(io::Image const& image) {
  return std::accumulate(image.pixels.begin(), image.pixels.end(), 0);
}

std::string chunk(std::string const& kind, std::string const& content) {
  auto const word = [](std::size_t n) {
    std::string s;
    for (int shift = 24; shift >= 0; shift -= 8) s += static_cast<char>(n >> shift);
    return s;
  };
  std::string const both = kind + content;
  auto const* const data = static_cast<Bytef const*>(static_cast<void const*>(both.data()));
  return word(content.size()) + both + word(::crc32_z(0, data, both.size()));
}
/// A PNG of any header whose unpacked stream is `rows`.
std::string png_of(int width, int height, char depth, char colour, std::string const& rows,
                   char interlaced = 0) {
  std::string header;
  for (int n : {width, height})
    for (int shift = 24; shift >= 0; shift -= 8) header += static_cast<char>(n >> shift);
  header += {depth, colour, '\0', '\0', interlaced};
  uLongf size = ::compressBound(rows.size());
  std::string packed(size, '\0');
  ::compress(static_cast<Bytef*>(static_cast<void*>(packed.data())), &size,
             static_cast<Bytef const*>(static_cast<void const*>(rows.data())), rows.size());
  packed.resize(rows.empty() ? 0 : size);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decode_image)

BOOST_AUTO_TEST_CASE(png) {
  Pixels const colours{255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30};
  is(test::grey_png(), 3, 2, 1, {0, 100, 255, 7, 8, 9});
  is(test::colour_png(), 2, 2, 3, colours);
  is(test::palette_png(), 2, 2, 3, colours);
  is(test::alpha_png(), 2, 2, 3, colours);
  // 0000 00ff 0100 / 80ff feff ffff: Pillow's convert("RGB") cuts 16-bit grey off
  is(test::deep_png(), 3, 2, 1, {0, 255, 255, 255, 255, 255});
  is(test::bits_png(), 3, 2, 1, {0, 255, 255, 0, 0, 0});
}

BOOST_AUTO_TEST_CASE(jpeg_as_pillow_reads_it) {
  auto const colour = io::decode_image(test::colour_jpeg(), "x");
  BOOST_TEST(colour.channels == 3);
  auto const at = [&](Index x, Index y) {
    return Pixels(colour.row(y) + 3 * x, colour.row(y) + 3 * x + 3);
  };
  BOOST_TEST(at(0, 0) == (Pixels{0, 8, 253}), boost::test_tools::per_element());
  BOOST_TEST(at(9, 7) == (Pixels{141, 114, 133}), boost::test_tools::per_element());
  BOOST_TEST(at(15, 15) == (Pixels{247, 233, 22}), boost::test_tools::per_element());
  BOOST_TEST(sum(colour) == 96428);
  auto const grey = io::decode_image(test::grey_jpeg(), "x");
  BOOST_TEST(grey.channels == 1);
  BOOST_TEST(int{grey.row(7)[9]} == 144);
  BOOST_TEST(sum(grey) == 31056);
}

BOOST_AUTO_TEST_CASE(deep_colour_keeps_its_upper_bytes) {
  is(png_of(1, 1, 16, 2, {'\0', '\x12', '\x7f', '\0', '\xff', '\xfe', '\0'}), 1, 1, 3,
     {0x12, 0, 0xfe});
  is(png_of(1, 1, 16, 4, {'\0', '\x12', '\x7f', '\0', '\xff'}), 1, 1, 1, {0x12});
}

BOOST_AUTO_TEST_CASE(colours_that_a_palette_lacks_are_black) {
  auto const with = [](char const* colours) {
    auto bytes = png_of(3, 1, 8, 3, {'\0', '\0', '\1', '\xff'});
    return bytes.insert(33, chunk("PLTE", colours));
  };
  is(with("abcdef"), 3, 1, 3, {'a', 'b', 'c', 'd', 'e', 'f', 0, 0, 0});
  refused(with("abcde"), "PNG cannot be decoded");
  refused(with(""), "PNG cannot be decoded");
}

BOOST_AUTO_TEST_CASE(inks_of_print_become_colours) {
  auto const image = io::decode_image(test::cmyk_jpeg(), "x");
  BOOST_TEST(image.channels == 3);
  io::Image const inks{3, 1, 4, {255, 255, 255, 255, 0, 100, 255, 200, 7, 8, 9, 0}};
  BOOST_TEST(
      (io::print_to_colour(inks) == io::Image{3, 1, 3, {255, 255, 255, 0, 78, 200, 0, 0, 0}}));
}

BOOST_AUTO_TEST_CASE(scans_without_end_are_refused) {
  auto const whole =
      io::read_file(VLPT_SOURCE_DIR "/tests/io/pictures/l-13x7-q35-s0-progressive.jpg");
  auto const first = whole.find("\xff\xda"), next = whole.find("\xff\xc4", first);
  auto const repeated = [&](int times) {  // the first scan, of the mean of each block
    auto out = whole.substr(0, next);
    for (int i = 0; i < times; ++i) out += whole.substr(first, next - first);
    return out + whole.substr(next);
  };
  BOOST_TEST(io::decode_image(repeated(20), "x").width == 13);
  refused(repeated(100), "JPEG cannot be decoded");
}

BOOST_AUTO_TEST_CASE(files) {
  Scratch const s;
  BOOST_TEST(io::load_image(s.file("a.png", test::grey_png())).width == 3);
  auto const path = s.file("b.png", "no picture");
  BOOST_CHECK_EXCEPTION((void)io::load_image(path), InputError, says("b.png", "neither"));
  BOOST_CHECK_THROW((void)io::load_image(s / "none.png"), InputError);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
  for (auto const& whole :
       {test::colour_png(), test::palette_png(), test::grey_jpeg(), test::colour_jpeg()})
    for (std::size_t n = 0; n + 2 < whole.size(); ++n)
      BOOST_CHECK_THROW((void)io::decode_image(whole.substr(0, n), "x"), InputError);
  refused(test::colour_png().substr(0, 60), "truncated");
  refused(test::colour_jpeg().substr(0, 300), "JPEG cannot be decoded");
}

BOOST_AUTO_TEST_CASE(damage) {
  auto bad = test::colour_png();
  bad[45] = static_cast<char>(bad[45] ^ 1);
  refused(bad, "checksum");
  Random const random{.seed = 7};
  for (std::uint64_t i = 0; i < 500; ++i)  // must not crash; a JPEG may survive it
    for (auto bytes : {test::colour_png(), test::colour_jpeg()}) {
      for (std::uint64_t k = 0; k < 3; ++k)
        bytes[static_cast<std::size_t>(random.below(i * 8 + k, static_cast<Index>(bytes.size())))] =
            static_cast<char>(random.below(i * 8 + k + 4, 256));
      try {
        (void)io::decode_image(bytes, "x");
      } catch (InputError const&) {
      }
    }
}

BOOST_AUTO_TEST_CASE(claims_past_the_limit_are_refused) {
  refused(png_of(30'000, 30'000, 8, 0, ""), "67108864 bytes");
  refused(png_of(8192, 8193, 8, 0, ""), "67108864 bytes");
  refused(png_of(8192, 8192, 8, 0, ""), "truncated");
  refused(png_of(8192, 8192, 16, 0, ""), "of 2 bytes each");
  refused(png_of(8192, 8192, 8, 2, ""), "of 3 bytes each");
  refused(png_of(1'000'001, 1, 1, 0, ""), "1000000 a side");
  auto jpeg = test::grey_jpeg();  // its frame says 16 x 16
  auto const frame = jpeg.find("\xff\xc0") + 5;
  jpeg.replace(frame, 4, "\x7f\xff\x7f\xff");
  refused(jpeg, "67108864 bytes");
}

BOOST_AUTO_TEST_CASE(what_unpacks_to_more_than_the_picture_is_refused) {
  refused(png_of(1, 1, 8, 0, std::string(100'000, '\0')), "unpacks to more than its 1 x 1");
  refused(png_of(4, 4, 8, 0, std::string(19, '\0')), "PNG cannot be decoded");
  BOOST_TEST(io::decode_image(png_of(4, 4, 8, 0, std::string(20, '\0')), "x").width == 4);
  struct Pass {
    int x, y, step_x, step_y;
  };
  for (int width = 1; width < 20; ++width) {  // interlaced: seven passes, each with its row ends
    int const height = 20 - width;
    int bytes = 0;
    for (Pass p : {Pass{0, 0, 8, 8},
                   {4, 0, 8, 8},
                   {0, 4, 4, 8},
                   {2, 0, 4, 4},
                   {0, 2, 2, 4},
                   {1, 0, 2, 2},
                   {0, 1, 1, 2}}) {
      int const w = (width - p.x + p.step_x - 1) / p.step_x;
      int const h = (height - p.y + p.step_y - 1) / p.step_y;
      if (w > 0 && h > 0) bytes += (1 + (w + 7) / 8) * h;
    }
    std::string const rows(static_cast<std::size_t>(bytes), '\0');
    BOOST_TEST(io::decode_image(png_of(width, height, 1, 0, rows, 1), "x").width == width);
  }
}

BOOST_AUTO_TEST_CASE(headers) {
  refused(png_of(1, 1, 0, 0, ""), "0 bits");
  auto const whole = test::grey_png();
  refused(whole.substr(0, 33) + whole.substr(8), "one header, first");
  refused(whole.substr(0, 8) + whole.substr(33), "one header, first");
}

BOOST_AUTO_TEST_CASE(conversions) {
  io::Image const colour{1, 2, 3, {1, 2, 4, 255, 255, 255}};
  BOOST_TEST((io::convert(colour, 1) == io::Image{1, 2, 1, {2, 255}}));
  BOOST_TEST((io::convert({2, 1, 1, {5, 6}}, 3) == io::Image{2, 1, 3, {5, 5, 5, 6, 6, 6}}));
  BOOST_TEST((io::convert({1, 1, 4, {1, 2, 3, 99}}, 3) == io::Image{1, 1, 3, {1, 2, 3}}));
  BOOST_TEST((io::convert({2, 1, 2, {1, 99, 2, 99}}, 1) == io::Image{2, 1, 1, {1, 2}}));
  BOOST_CHECK_THROW((void)io::convert(colour, 2), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
