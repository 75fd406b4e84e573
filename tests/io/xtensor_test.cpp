#include "vlpt/io/xtensor.hpp"

#include <boost/test/unit_test.hpp>

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(xtensor_door)

BOOST_AUTO_TEST_CASE(arrays_and_formulas_come_in) {
  xt::xtensor<float, 2> const a{{1, 2, 3}, {4, 5, 6}};
  auto const t = io::to_tensor(a);
  BOOST_TEST((t.shape == Shape{2, 3}));
  BOOST_TEST((t.values == std::vector<float>{1, 2, 3, 4, 5, 6}));
  auto const u = io::to_tensor(a + 1.0F);
  BOOST_TEST((u.values == std::vector<float>{2, 3, 4, 5, 6, 7}));
  xt::xarray<double, xt::layout_type::column_major> const c{{1, 2}, {3, 4}};
  BOOST_TEST((io::to_tensor(c).values == std::vector<double>{1, 2, 3, 4}));
}

BOOST_AUTO_TEST_CASE(tensors_are_seen_in_place) {
  Tensor<double> t({2, 2}, {1, 2, 3, 4});
  auto view = io::adapt(t);
  view(1, 0) = 30;
  BOOST_TEST(t[2] == 30);
  Tensor<double> const& fixed = t;
  BOOST_TEST(io::adapt(fixed)(1, 1) == 4);
  xt::xtensor<double, 2> const copy = io::adapt(fixed) * 2.0;
  BOOST_TEST(copy(1, 0) == 60);
}

BOOST_AUTO_TEST_SUITE_END()
