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

}  // namespace

BOOST_AUTO_TEST_SUITE(decode_image)

BOOST_AUTO_TEST_CASE(png) {
  Pixels const colours{255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30};
  is(test::grey_png(), 3, 2, 1, {0, 100, 255, 7, 8, 9});
  is(test::colour_png(), 2, 2, 3, colours);
  is(test::palette_png(), 2, 2, 3, colours);
  is(test::alpha_png(), 2, 2, 3, colours);
  is(test::deep_png(), 3, 2, 1, {0x00, 0x00, 0x01, 0x80, 0xfe, 0xff});
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
  refused(test::cmyk_jpeg(), "JPEG cannot be decoded");
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

BOOST_AUTO_TEST_CASE(a_bomb_is_refused) {
  auto bad = test::grey_png();  // claims 30000 x 30000
  bad.replace(16, 8, std::string("\0\0\x75\x30\0\0\x75\x30", 8));
  auto const crc =
      ::crc32(0, static_cast<Bytef const*>(static_cast<void const*>(bad.data() + 12)), 17);
  for (unsigned i = 0; i < 4; ++i) bad[29 + i] = static_cast<char>(crc >> (24 - 8 * i));
  refused(bad, "limit");
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
