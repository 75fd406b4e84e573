#include "vlpt/policies/prompt/conditional.hpp"

#include "models/tiny_dual.hpp"

using namespace vlpt;
using test::check_dual;

BOOST_AUTO_TEST_SUITE(conditional)

BOOST_AUTO_TEST_CASE(gradients) {
  check_dual<prompt::Conditional<2>>();
  check_dual<prompt::Conditional<3, ContextPlace::middle>, learn::Policy>();
  check_dual<prompt::Conditional<2>, learn::Input<learn::All>>();
}

BOOST_AUTO_TEST_SUITE_END()
