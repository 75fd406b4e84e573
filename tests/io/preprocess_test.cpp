#include "vlpt/io/dataset/preprocess.hpp"

#include <boost/test/unit_test.hpp>

#include "vlpt/io/dataset/preprocess_padded.hpp"

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

BOOST_AUTO_TEST_CASE(sizes_of_each_family) {
  using io::PictureFit;
  using Pair = std::pair<Index, Index>;
  PictureFit const clip{.scale = PictureFit::Scale::shortest};
  BOOST_TEST((clip.scaled(640, 480, 224) == Pair{298, 224}));  // 298.67, cut off
  BOOST_TEST((clip.scaled(1, 5000, 224) == Pair{224, 1'120'000}));
  PictureFit const vilt{.scale = PictureFit::Scale::multiple};
  BOOST_TEST((vilt.scaled(640, 480, 384) == Pair{512, 384}));
  BOOST_TEST((vilt.scaled(1000, 480, 384) == Pair{608, 288}));  // 639 x 306.7
  BOOST_TEST((vilt.scaled(641, 481, 384) == Pair{512, 384}));   // 511.7 is rounded first
  BOOST_TEST((vilt.scaled(333, 500, 384) == Pair{384, 576}));
  BOOST_TEST(vilt.longest(384) == 608);
}

BOOST_AUTO_TEST_CASE(the_centre_is_cut_out) {
  using io::PictureFit;
  io::Image row{8, 1, 1, {1, 2, 3, 4, 5, 6, 7, 8}};
  auto const first = [&](Index kept, PictureFit::Half half) {
    io::Image square;
    square.resize(8, 8, 1);
    for (Index y = 0; y < 8; ++y) std::copy_n(row.row(0), 8, square.row(y));
    return int{
        PictureFit{.to = 8, .half = half}.apply(square, kept, io::Filter::bilinear).row(0)[0]};
  };
  using enum PictureFit::Half;
  BOOST_TEST(first(4, down) == 3);
  BOOST_TEST(first(5, down) == 2);  // half a pixel from 1.5
  BOOST_TEST(first(5, even) == 3);
  BOOST_TEST(first(3, down) == 3);  // from 2.5
  BOOST_TEST(first(3, even) == 3);
  auto const around = [&](Index size, PictureFit::Half half) {
    return PictureFit{.to = 2, .half = half}.apply({2, 2, 1, {9, 9, 9, 9}}, size,
                                                   io::Filter::bilinear);
  };
  BOOST_TEST((around(3, down) == io::Image{3, 3, 1, {0, 0, 0, 0, 9, 9, 0, 9, 9}}));
  BOOST_TEST((around(3, even) == io::Image{3, 3, 1, {9, 9, 0, 9, 9, 0, 0, 0, 0}}));
}

BOOST_AUTO_TEST_CASE(a_picture_of_its_own_size) {
  io::Preprocess const p{.size = 4,
                         .channels = 1,
                         .mean = {102 / 255.0},
                         .std = {1},
                         .fit = {.scale = io::PictureFit::Scale::multiple, .multiple = 2}};
  io::Image const image{2, 1, 1, {102, 102}};  // 8 x 4, past the limit of 6: 6 x 3, then 6 x 2
  std::vector<double> planes(4 * 7, 5);
  io::preprocess_padded<double>(image, p, 4, 7, planes);
  for (Index y = 0; y < 4; ++y)
    for (Index x = 0; x < 7; ++x) {
      double const value = planes[static_cast<std::size_t>(7 * y + x)];
      if (x < 6 && y < 2)
        BOOST_TEST((value > 0 && value < 1e-3));  // 0 would be taken for the canvas
      else
        BOOST_TEST(value == 0);
    }
  BOOST_CHECK_THROW(io::preprocess_padded<double>(image, p, 7, 4, planes), InputError);
  BOOST_CHECK_THROW(io::preprocess_padded<double>(image, p, 4, 6, planes), InputError);
  planes.resize(16);
  BOOST_CHECK_THROW(io::preprocess<double>(image, p, planes), InputError);
  BOOST_CHECK_THROW((void)io::fitted({100, 1, 1, std::vector<std::uint8_t>(100)}, p), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
