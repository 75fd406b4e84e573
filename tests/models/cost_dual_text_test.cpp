// What is said of a dual encoder's cost and memory is what runs, under every policy that prompts
// the texts of its classes and every skip policy.
#include "models/cost_dual.hpp"
#include "models/cost_pairs.hpp"
#include "vlpt/policies/prompt/conditional.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/unified.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(cost_dual_text)

BOOST_AUTO_TEST_CASE(a_context) {
  test::each_skip(4, prompt::Context<2>{}, test::dual_cost);
  using ForEachClass = prompt::Context<2, ContextPlace::front, true>;
  test::dual_cost(ForEachClass{}, skip::Dense{});
}
BOOST_AUTO_TEST_CASE(a_context_that_images_shift) {
  test::each_skip(4, prompt::Conditional<2>{}, test::dual_cost);
}
BOOST_AUTO_TEST_CASE(prompts_of_both_towers) {
  using Joint = prompt::Unified<prompt::Context<2>, prompt::Deep<2>>;
  test::each_skip(4, Joint{.width = 4}, test::dual_cost);
}

BOOST_AUTO_TEST_SUITE_END()
