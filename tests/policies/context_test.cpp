#include "vlpt/policies/prompt/context.hpp"

#include "models/tiny_dual.hpp"

using namespace vlpt;
using test::check_dual;

BOOST_AUTO_TEST_SUITE(context)

BOOST_AUTO_TEST_CASE(gradients) {
  for (auto const place : {ContextPlace::end, ContextPlace::front, ContextPlace::middle})
    for (bool const class_specific : {false, true}) {
      prompt::Context<> policy;
      policy.prompts = 3, policy.place = place, policy.class_specific = class_specific;
      check_dual(policy);
    }
}

BOOST_AUTO_TEST_CASE(gradients_of_everything) {
  check_dual<prompt::Context<2>, learn::Input<learn::All>>();
}

BOOST_AUTO_TEST_SUITE_END()
