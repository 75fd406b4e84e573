// Policies of both towers of a dual encoder under every skip policy.
#include "policies/check_dual_skips.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/conditional.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/unified.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(dual_text_skips)

BOOST_AUTO_TEST_CASE(context) { test::check_dual_with_skips<prompt::Context<3>>(); }
BOOST_AUTO_TEST_CASE(conditional) { test::check_dual_with_skips<prompt::Conditional<2>>(); }
BOOST_AUTO_TEST_CASE(unified) {
  using Policy = prompt::Unified<prompt::Context<2>, prompt::Deep<2>>;
  test::check_dual_with_skips(Policy{.width = 4});
}
BOOST_AUTO_TEST_CASE(both) {
  test::check_dual_with_skips<prompt::Both<prompt::Lora<2>, prompt::Context<2>>>();
}

BOOST_AUTO_TEST_SUITE_END()
