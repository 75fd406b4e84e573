#include "vlpt/core/shape.hpp"

#include <boost/test/unit_test.hpp>

using vlpt::Shape;

BOOST_AUTO_TEST_SUITE(shape)

BOOST_AUTO_TEST_CASE(a_scalar_has_one_element) {
  BOOST_TEST(Shape{}.rank == 0);
  BOOST_TEST(Shape{}.size() == 1);
  BOOST_TEST(Shape{}.rows() == 1);
  BOOST_TEST(Shape{}.cols() == 1);
}

BOOST_AUTO_TEST_CASE(the_last_extent_is_the_columns) {
  static_assert(Shape{2, 3, 4}.size() == 24);
  BOOST_TEST((Shape{2, 3, 4}.rows()) == 6);
  BOOST_TEST((Shape{2, 3, 4}.cols()) == 4);
  BOOST_TEST(Shape{5}.rows() == 1);
  BOOST_TEST((Shape{3, 0}.rows()) == 0);
  BOOST_TEST((Shape{0, 3}.size()) == 0);
}

BOOST_AUTO_TEST_CASE(shapes_compare_and_print) {
  BOOST_TEST((Shape{2, 3}) == (Shape{2, 3}));
  BOOST_TEST(!(Shape{2, 3} == Shape{3, 2}));
  BOOST_TEST(!(Shape{2} == Shape{2, 1}));
  BOOST_TEST(vlpt::text(Shape{2, 3}) == "(2, 3)");
  BOOST_TEST(vlpt::text(Shape{}) == "()");
}

BOOST_AUTO_TEST_CASE(nine_dimensions_are_too_many) {
  BOOST_CHECK_NO_THROW((Shape{1, 2, 3, 4, 5, 6, 7, 8}));
  BOOST_CHECK_THROW((Shape{1, 2, 3, 4, 5, 6, 7, 8, 9}), vlpt::InputError);
}

BOOST_AUTO_TEST_SUITE_END()
