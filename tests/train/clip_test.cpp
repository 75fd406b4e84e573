#include "vlpt/train/clip.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "vlpt/kernels/reference.hpp"

namespace {

template <class T, std::size_t n>
double clip(std::array<T, n>& g, double limit) {
  return vlpt::clip_norm(vlpt::Reference<T>{}, std::span<T>(g), limit);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clip_norm)

BOOST_AUTO_TEST_CASE(long_gradients_are_shortened_as_pytorch_does) {
  std::array g{3.0, -4.0, 12.0};
  BOOST_TEST(clip(g, 2.5) == 13.0);
  std::array const expected{0.5769230325443822, -0.7692307100591762, 2.3076921301775286};
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(std::abs(g[i] - expected[i]) < 1e-15);
}

BOOST_AUTO_TEST_CASE(short_gradients_stay_as_they_are) {
  std::array<float, 2> g{0.3F, -0.4F};
  for (double limit : {1.0, std::numeric_limits<double>::infinity()}) {
    BOOST_TEST(clip(g, limit) == 0.5, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(g[0] == 0.3F);
    BOOST_TEST(g[1] == -0.4F);
  }
  std::array<float, 3> zero{};
  BOOST_TEST(clip(zero, 1) == 0);
  BOOST_TEST(zero[0] == 0);
}

BOOST_AUTO_TEST_CASE(large_floats_do_not_overflow) {
  std::array<float, 2> g{3e30F, 4e30F};
  BOOST_TEST(clip(g, 1) == 5e30, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(g[1] == 0.8F, boost::test_tools::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(gradients_that_are_not_finite_stay_as_they_are) {
  for (float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::array<float, 2> g{1, bad};
    BOOST_TEST(!std::isfinite(clip(g, 1)));
    BOOST_TEST(g[0] == 1);
  }
  std::array<float, 1> g{1};
  BOOST_CHECK_THROW(clip(g, 0), vlpt::InputError);
  BOOST_CHECK_THROW(clip(g, std::nan("")), vlpt::InputError);
}

BOOST_AUTO_TEST_SUITE_END()
