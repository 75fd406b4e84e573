#include "vlpt/policies/prompt/both.hpp"

#include "policies/check_policy.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/lora.hpp"

using namespace vlpt;
using prompt::Both;

BOOST_AUTO_TEST_SUITE(both)

BOOST_AUTO_TEST_CASE(at_sites_of_their_own) {
  Both<prompt::Deep<2>, prompt::Adapter<2>> policy;
  test::check_policy(policy);
}
BOOST_AUTO_TEST_CASE(at_one_site) {  // the second stands on what the first gives
  test::check_policy<Both<prompt::Adapter<2>, prompt::Approximated<3, 2>>>();
  test::check_policy<Both<prompt::Approximated<3, 2>, prompt::Adapter<2>>>();
}
BOOST_AUTO_TEST_CASE(changes_of_queries_and_values) {
  test::check_policy<Both<prompt::Gated<2>, prompt::Lora<2>>>();
  test::check_policy<Both<prompt::Deep<2>, Both<prompt::Lora<2>, prompt::Lora<3>>>>();
}
BOOST_AUTO_TEST_CASE(deep_prompts_through_lora) {  // their keys and values are changed as well
  test::check_policy<Both<prompt::Lora<2>, prompt::Deep<2>>>();
}
BOOST_AUTO_TEST_CASE(over_skipped_layers) {
  using Policy = Both<prompt::Deep<2>, prompt::Lora<2>>;
  test::check_gradients_with_skips<Policy, learn::Input<learn::Policy>>();
}

BOOST_AUTO_TEST_SUITE_END()
