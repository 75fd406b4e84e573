#include "vlpt/core/tensor.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using vlpt::Shape;
using vlpt::Tensor;

BOOST_AUTO_TEST_SUITE(tensor)

BOOST_AUTO_TEST_CASE(a_tensor_is_filled_with_one_value) {
  Tensor<double> const t(Shape{2, 3}, 1.5);
  BOOST_TEST(t.size() == 6);
  BOOST_TEST(t[5] == 1.5);
  BOOST_TEST(Tensor<float>(Shape{4})[3] == 0.0F);
}

BOOST_AUTO_TEST_CASE(its_view_is_its_memory) {
  Tensor<int> t(Shape{2, 2, 3}, std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  BOOST_TEST(t.view().rows == 4);
  BOOST_TEST(t.view()(3, 1) == 10);
  t.view()(3, 1) = -1;
  BOOST_TEST(t[10] == -1);
}

BOOST_AUTO_TEST_CASE(values_that_do_not_fit_are_counted_in_the_message) {
  BOOST_CHECK_EXCEPTION(Tensor<int>(Shape{2, 3}, std::vector<int>(5)), vlpt::InputError,
                        [](vlpt::InputError const& e) {
                          return std::string(e.what()) ==
                                 "a tensor of shape (2, 3) needs 6 values, got 5";
                        });
}

BOOST_AUTO_TEST_SUITE_END()
