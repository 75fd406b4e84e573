#include "vlpt/policies/prompt/unified.hpp"

#include "models/tiny_dual.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;
using test::check_dual;

BOOST_AUTO_TEST_SUITE(unified)

BOOST_AUTO_TEST_CASE(gradients) {
  using Deep = prompt::Unified<prompt::Context<2>, prompt::Deep<2>>;
  for (bool const mix : {true, false}) check_dual(Deep{.width = 4, .mix = mix});
  check_dual(Deep{.width = 6});  // the width of the texts
  check_dual<Deep, learn::Input<learn::All>>({.width = 8});  // of the images
}

BOOST_AUTO_TEST_CASE(shallow_and_class_specific) {
  using Policy =
      prompt::Unified<prompt::Context<3, ContextPlace::front, true>, prompt::Shallow<2>>;
  check_dual<Policy, learn::Policy>({.width = 5});
}

BOOST_AUTO_TEST_SUITE_END()
