// What is said of a dual encoder's cost and memory is what runs, under every policy of its image
// tower.
#include "models/cost_dual.hpp"
#include "models/cost_pairs.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(cost_dual)

BOOST_AUTO_TEST_CASE(every_policy) { test::each_policy<test::Family::dual>(4, test::dual_cost); }
BOOST_AUTO_TEST_CASE(a_ladder) { test::dual_cost(prompt::Ladder<2>{}, test::TypedSkip{}); }
BOOST_AUTO_TEST_CASE(everything_learns) {
  test::check_dual_cost<test::Dual<prompt::Deep<2>, learn::Input<learn::All>>>({}, {});
}

BOOST_AUTO_TEST_SUITE_END()
