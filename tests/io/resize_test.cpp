#include "vlpt/io/resize.hpp"

#include <boost/test/unit_test.hpp>

using namespace vlpt;
using io::Filter;
using io::Image;

namespace {

Image picture(Index width, Index height, Index channels) {
  Image out;
  out.resize(width, height, channels);
  for (Index y = 0; y < height; ++y)
    for (Index x = 0; x < width; ++x)
      for (Index c = 0; c < channels; ++c)
        out.row(y)[x * channels + c] =
            static_cast<std::uint8_t>(x * 37 + y * 91 + c * 53 + (x * y * 7) % 61);
  return out;
}

struct Case {
  Index width, height, channels, to_width, to_height;
  Filter filter;
  std::vector<std::uint8_t> want;
};

// What Pillow 9.4 (Debian 12) and 12.3 make of picture() in Image.resize.
std::vector<Case> const cases{
    {7, 5, 1, 4, 3, Filter::bilinear, {60, 122, 117, 149, 145, 114, 122, 152, 101, 181, 138, 155}},
    {7, 5, 1, 4, 3, Filter::bicubic, {56, 127, 114, 146, 151, 110, 119, 155, 95, 187, 140, 157}},
    {4, 3, 1, 7, 6, Filter::bilinear, {0,   13,  34,  56,  77,  98,  111, 23,  37,  59,  81,
                                       103, 125, 139, 68,  84,  108, 132, 156, 180, 195, 114,
                                       130, 156, 151, 145, 171, 187, 159, 177, 205, 138, 70,
                                       98,  115, 182, 200, 229, 131, 32,  61,  79}},
    {4, 3, 1, 7, 6, Filter::bicubic, {0,   2,   25,  47,  68,  91,  104, 15,  25,  50,  76,
                                      100, 125, 138, 62,  75,  103, 136, 170, 197, 211, 114,
                                      132, 162, 158, 154, 184, 202, 163, 188, 219, 138, 56,
                                      88,  113, 186, 214, 246, 129, 10,  42,  70}},
    {9,
     4,
     3,
     3,
     2,
     Filter::bicubic,
     {101, 130, 145, 121, 135, 149, 114, 130, 129, 118, 130, 142, 145, 149, 154, 141, 109, 122}},
    {5, 5, 3, 5, 2, Filter::bilinear, {79,  132, 127, 123, 118, 171, 109, 162, 110, 150,
                                       99,  152, 90,  143, 184, 87,  140, 135, 145, 140,
                                       111, 145, 116, 158, 158, 118, 171, 123, 176, 124}},
    {2, 2, 1, 1, 1, Filter::bicubic, {66}},
    {1, 1, 1, 3, 2, Filter::bilinear, {0, 0, 0, 0, 0, 0}},
    {28, 28, 1, 3, 3, Filter::bicubic, {128, 125, 127, 125, 123, 135, 131, 129, 130}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(resize)

BOOST_AUTO_TEST_CASE(equal_to_pillow) {
  for (Case const& c : cases) {
    Image const got =
        io::resize(picture(c.width, c.height, c.channels), c.to_width, c.to_height, c.filter);
    BOOST_TEST(got.width == c.to_width);
    BOOST_TEST(got.height == c.to_height);
    BOOST_TEST(got.pixels == c.want, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(the_same_size_changes_nothing) {
  auto const p = picture(6, 5, 3);
  BOOST_TEST((io::resize(p, 6, 5, Filter::bicubic) == p));
}

BOOST_AUTO_TEST_CASE(a_part_is_that_of_the_whole) {
  struct To {
    Index width, height;
  };
  for (To to : {To{11, 9}, {4, 3}, {7, 9}, {11, 5}, {7, 5}}) {
    auto const p = picture(7, 5, 3);
    auto const whole = io::resize(p, to.width, to.height, Filter::bicubic);
    for (io::Box box : {io::Box{0, 0, to.width, to.height}, {1, 2, 2, 1}, {2, 0, 1, 3}})
      BOOST_TEST((io::resize(p, to.width, to.height, Filter::bicubic, box) ==
                  io::crop(whole, box.left, box.top, box.width, box.height)));
    BOOST_CHECK_THROW(
        (void)io::resize(p, to.width, to.height, Filter::bicubic, {1, 0, to.width, 1}), InputError);
  }
}

BOOST_AUTO_TEST_CASE(crops) {
  auto const p = picture(6, 5, 3);
  auto const q = io::crop(p, 2, 1, 3, 4);
  BOOST_TEST(q.width == 3);
  BOOST_TEST(q.row(2)[4] == p.row(3)[3 * 3 + 1]);
  BOOST_CHECK_THROW((void)io::crop(p, 4, 0, 3, 1), InputError);
  BOOST_CHECK_THROW((void)io::crop(p, -1, 0, 3, 1), InputError);
}

BOOST_AUTO_TEST_CASE(nothing_cannot_be_resized) {
  BOOST_CHECK_THROW((void)io::resize(Image{}, 3, 3, Filter::bilinear), InputError);
  BOOST_CHECK_THROW((void)io::resize(picture(3, 3, 1), 0, 3, Filter::bilinear), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
