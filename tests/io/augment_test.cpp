#include "vlpt/io/dataset/augment.hpp"

#include <boost/test/unit_test.hpp>

using namespace vlpt;
using io::Augment;
using io::Box;
using io::Image;

BOOST_AUTO_TEST_SUITE(augment)

BOOST_AUTO_TEST_CASE(mirror) {
  Image image{3, 2, 1, {1, 2, 3, 4, 5, 6}};
  io::flip(image);
  BOOST_TEST((image == Image{3, 2, 1, {3, 2, 1, 6, 5, 4}}));
  Image colour{2, 1, 3, {1, 2, 3, 4, 5, 6}};
  io::flip(colour);
  BOOST_TEST((colour == Image{2, 1, 3, {4, 5, 6, 1, 2, 3}}));
}

BOOST_AUTO_TEST_CASE(boxes_keep_their_promises) {
  Augment const a{.scale = {0.2, 0.8}, .ratio = {0.5, 2.0}};
  double smallest = 1, largest = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Box const b = io::random_box(100, 80, a, Random{.seed = 1}.fork(i));
    BOOST_TEST((b.left >= 0 && b.top >= 0 && b.left + b.width <= 100 && b.top + b.height <= 80));
    double const share = static_cast<double>(b.width * b.height) / 8000;
    double const ratio = static_cast<double>(b.width) / static_cast<double>(b.height);
    BOOST_TEST((share > 0.18 && share < 0.82));
    BOOST_TEST((ratio > 0.48 && ratio < 2.1));
    smallest = std::min(smallest, share), largest = std::max(largest, share);
  }
  BOOST_TEST(smallest < 0.25);
  BOOST_TEST(largest > 0.75);
}

BOOST_AUTO_TEST_CASE(nothing_fits_but_the_centre) {
  // No box of this share of the area has so wide a ratio inside a tall picture.
  Augment const a{.scale = {0.9, 0.95}, .ratio = {2.0, 2.0}};
  BOOST_TEST((io::random_box(10, 40, a, Random{}) == Box{0, 17, 10, 5}));
  Augment const b{.scale = {0.9, 0.95}, .ratio = {0.5, 0.5}};
  BOOST_TEST((io::random_box(40, 10, b, Random{}) == Box{17, 0, 5, 10}));
}

BOOST_AUTO_TEST_CASE(same_random_same_picture) {
  Image image;
  image.resize(12, 12, 1);
  for (std::size_t i = 0; i < 144; ++i) image.pixels[i] = static_cast<std::uint8_t>(i);
  Augment const a{.flip = 0.5, .scale = {0.3, 0.9}};
  auto const made = [&](std::uint64_t i) {
    Image out = image;
    io::augment(out, a, Random{.seed = 5}.fork(i));
    return out;
  };
  BOOST_TEST((made(1) == made(1)));
  BOOST_TEST((made(1) != made(2)));
  BOOST_TEST(made(1).width == 12);
  int flipped = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    Image out = image;
    io::augment(out, {.flip = 0.3}, Random{.seed = 5}.fork(i));
    if (out != image) ++flipped;
  }
  BOOST_TEST((flipped > 250 && flipped < 350));
}

BOOST_AUTO_TEST_CASE(bad_settings) {
  BOOST_CHECK_THROW((void)io::random_box(9, 9, {.scale = {0, 1}}, Random{}), InputError);
  BOOST_CHECK_THROW((void)io::random_box(9, 9, {.scale = {0.5, 2}}, Random{}), InputError);
  BOOST_CHECK_THROW((void)io::random_box(9, 9, {.scale = {0.5, 1}, .ratio = {2, 1}}, Random{}),
                    InputError);
}

BOOST_AUTO_TEST_SUITE_END()
