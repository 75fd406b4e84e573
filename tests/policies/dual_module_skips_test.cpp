// What stands in the image tower's blocks of a dual encoder, or beside them, under every skip
// policy.
#include "policies/check_dual_skips.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/ladder.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(dual_module_skips)

BOOST_AUTO_TEST_CASE(approximated) {
  test::check_dual<prompt::Approximated<3, 2>>();
  test::check_dual_with_skips<prompt::Approximated<3, 2>>();
}
BOOST_AUTO_TEST_CASE(lora) { test::check_dual_with_skips<prompt::Lora<2>>(); }
BOOST_AUTO_TEST_CASE(adapter) {
  test::check_dual<prompt::Adapter<2>>();
  test::check_dual_with_skips<prompt::Adapter<2>>();
}
BOOST_AUTO_TEST_CASE(parallel_adapter) {
  test::check_dual_with_skips<prompt::ParallelAdapter<3>>();
}
BOOST_AUTO_TEST_CASE(ladder) {
  test::check_dual<prompt::Ladder<2>>();
  test::check_dual_with_skips<prompt::Ladder<2>>();
}

BOOST_AUTO_TEST_SUITE_END()
