// Policies of the image tower of a dual encoder that are rows or nothing, and full tuning, under
// every skip policy.
#include "policies/check_dual_skips.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(dual_row_skips)

BOOST_AUTO_TEST_CASE(nothing) {
  test::check_dual<prompt::None>();
  test::check_dual_with_skips<prompt::None>();
}
BOOST_AUTO_TEST_CASE(everything_learns) {
  test::check_dual_with_skips<prompt::None, learn::Input<learn::All>>();
}
BOOST_AUTO_TEST_CASE(shallow) {
  test::check_dual<prompt::Shallow<2>>();
  test::check_dual_with_skips<prompt::Shallow<2>>();
}
BOOST_AUTO_TEST_CASE(deep) { test::check_dual_with_skips<prompt::Deep<2>>(); }
BOOST_AUTO_TEST_CASE(gated) { test::check_dual_with_skips<prompt::Gated<2>>(); }

BOOST_AUTO_TEST_SUITE_END()
