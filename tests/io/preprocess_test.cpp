#include "vlpt/io/dataset/preprocess.hpp"

#include <boost/test/unit_test.hpp>

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(preprocess)

BOOST_AUTO_TEST_CASE(planes_and_normalisation) {
  io::Image const image{2, 2, 3, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255}};
  io::Preprocess const p{.size = 2, .channels = 3, .mean = {0.5, 0, 0.25}, .std = {0.5, 1, 0.25}};
  std::vector<double> planes(12);
  io::preprocess<double>(image, p, planes);
  BOOST_TEST(planes[0] == -1.0);
  BOOST_TEST(planes[3] == (9 / 255.0 - 0.5) / 0.5);
  BOOST_TEST(planes[4] == 1 / 255.0);
  BOOST_TEST(planes[6] == 7 / 255.0);
  BOOST_TEST(planes[11] == 3.0);
}

BOOST_AUTO_TEST_CASE(converts_and_scales) {
  io::Image const grey{4, 4, 1, std::vector<std::uint8_t>(16, 51)};
  std::vector<float> planes(12);
  io::preprocess<float>(grey, {.size = 2, .channels = 3, .mean = {0}, .std = {1}}, planes);
  for (float v : planes) BOOST_TEST(v == 0.2F);
  io::Image const colour{1, 1, 3, {0, 51, 102}};
  planes.resize(4);
  io::preprocess<float>(colour, {.size = 2, .channels = 1, .mean = {0}, .std = {1}}, planes);
  for (float v : planes) BOOST_TEST(v == 0.2F);
}

BOOST_AUTO_TEST_CASE(bad_settings) {
  io::Image const image{1, 1, 1, {0}};
  std::vector<float> planes(3);
  BOOST_CHECK_THROW(io::preprocess<float>(image, {.size = 2}, planes), InputError);
  BOOST_CHECK_THROW(io::preprocess<float>(image, {.size = 1, .mean = {1, 2}}, planes), InputError);
  BOOST_CHECK_THROW(io::preprocess<float>(image, {.size = 1, .std = {0}}, planes), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
