// Skip policies number the layers of a dual encoder through both towers: here 0, 1 image, 2, 3
// text.
#include "models/tiny_dual.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/projected.hpp"
#include "vlpt/policies/prompt/shallow.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"
#include "vlpt/policies/skip/planned.hpp"

using namespace vlpt;
using test::check_dual;

BOOST_AUTO_TEST_SUITE(dual_skips)

BOOST_AUTO_TEST_CASE(a_layer_of_each_tower) {
  check_dual<prompt::Context<2>, learn::Input<learn::Policy>, skip::AdapterSkip<2, 3, 0, 3>>();
}

BOOST_AUTO_TEST_CASE(a_plan_names_layers_of_both_towers) {
  skip::Planned<2, 3> skip;
  skip.plan = SkipPlan(4, {2});
  check_dual<prompt::Projected<prompt::Shallow<2>>, learn::Policy>({.width = 5}, skip);
  skip.plan = SkipPlan(2, {1});
  using Model = test::Dual<prompt::None, learn::Policy, rows::Live, skip::Planned<2, 3>>;
  BOOST_CHECK_THROW(test::DualRun<Model>({}, 64, skip), InputError);
}

BOOST_AUTO_TEST_CASE(skipped_layers_of_the_text_tower_have_no_weights) {
  using Model = test::Dual<prompt::None, learn::Policy, rows::Live, skip::AdapterSkip<2, 3, 3>>;
  test::DualRun<Model> const run(prompt::None{});
  bool cut = false;
  for (auto const& p : run.net.parameters())
    if (p.name.starts_with("text.layers.1.")) {
      BOOST_TEST(p.name.starts_with("text.layers.1.shortcut."), p.name);
      cut = true;
    }
  BOOST_TEST(cut);
}

BOOST_AUTO_TEST_SUITE_END()
