// Policies that are not made for text stand in the image tower of a dual encoder.
#include "models/tiny_dual.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"

using namespace vlpt;
using test::check_dual;

BOOST_AUTO_TEST_SUITE(dual_policies)

BOOST_AUTO_TEST_CASE(gated) { check_dual<prompt::Gated<2>>(); }
BOOST_AUTO_TEST_CASE(approximated_beside_a_context) {
  check_dual<prompt::Both<prompt::Approximated<3, 2>, prompt::Context<2>>>();
}
BOOST_AUTO_TEST_CASE(low_rank) { check_dual<prompt::Lora<2>>(); }
BOOST_AUTO_TEST_CASE(adapters) { check_dual<prompt::ParallelAdapter<3>>(); }

BOOST_AUTO_TEST_SUITE_END()
