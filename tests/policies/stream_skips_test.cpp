// Prompt rows and full tuning of a single-stream model under every skip policy. (No policy under a
// plan and a search, and deep prompts under a plan in the type: stream_modules, stream.)
#include "policies/check_stream.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(stream_skips)

BOOST_AUTO_TEST_CASE(nothing) { test::check_stream_gradients<prompt::None, test::TypedSkip>(); }
BOOST_AUTO_TEST_CASE(everything_learns) {
  test::check_stream_with_skips<prompt::None, learn::Input<learn::All>>();
}
BOOST_AUTO_TEST_CASE(shallow) { test::check_stream_with_skips<prompt::Shallow<2>>(); }
BOOST_AUTO_TEST_CASE(deep) {
  test::check_stream_gradients<prompt::Deep<2>>({}, test::planned(3));
  test::check_stream_gradients<prompt::Deep<2>, test::SearchedSkip>();
}
BOOST_AUTO_TEST_CASE(gated) { test::check_stream_with_skips<prompt::Gated<2>>(); }

BOOST_AUTO_TEST_SUITE_END()
