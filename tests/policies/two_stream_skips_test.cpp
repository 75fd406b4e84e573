// DAS on a two-stream model: layers 0 and 1 are the text's, 2 and 3 the image's.
#include "policies/check_two_stream.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(two_stream_skips)

BOOST_AUTO_TEST_CASE(a_plan_in_the_type) {
  test::check_two_stream<prompt::None, skip::AdapterSkip<2, 3, 0, 3>>();
}
BOOST_AUTO_TEST_CASE(deep_prompts_go_to_the_layers_that_run) {
  using Skip = skip::AdapterSkip<2, 3, 0, 1, 2>;
  test::check_two_stream<prompt::Deep<2>, Skip>();
  TwoStream<test::TinyMeter, prompt::Deep<2>, Skip> const model;
  BOOST_TEST(model.sources[0].sets == 1);  // rows of the text are read by the image's layer 3
  BOOST_TEST(model.sources[1].sets == 0);
  Net<TwoStream<test::TinyMeter, prompt::Deep<2>, Skip>, Reference<double>> const net;
  for (auto const& p : net.parameters())
    if (p.name.starts_with("prompt.")) BOOST_TEST(p.name == "prompt.text.rows");
}
BOOST_AUTO_TEST_CASE(a_search) { test::check_two_stream<prompt::Deep<2>, skip::Searched<2, 3>>(); }
BOOST_AUTO_TEST_CASE(a_plan_that_does_not_fit_is_refused) {
  using Model = TwoStream<test::TinyMeter, prompt::None, skip::Planned<2, 3>>;
  typename Model::Settings s;
  s.skip.plan = SkipPlan(4, {1, 3});
  BOOST_CHECK_NO_THROW(Model{s});
  s.skip.plan = SkipPlan(2, {1});
  BOOST_CHECK_THROW(Model{s}, InputError);
}

BOOST_AUTO_TEST_SUITE_END()
