// Prompt rows and full tuning of a two-stream model under every skip policy. (Deep prompts under a
// plan in the type and a search, no policy under a plan in the type: two_stream_skips.)
#include "policies/check_two_stream.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(two_stream_row_skips)

BOOST_AUTO_TEST_CASE(nothing) {
  test::check_two_stream_gradients<prompt::None>({}, test::planned(4));
  test::check_two_stream_gradients<prompt::None, test::SearchedSkip>();
}
BOOST_AUTO_TEST_CASE(everything_but_the_image_tower_learns) {
  test::check_two_stream_with_skips<prompt::None, learn::All>();
}
BOOST_AUTO_TEST_CASE(shallow) { test::check_two_stream_with_skips<prompt::Shallow<2>>(); }
BOOST_AUTO_TEST_CASE(deep) {
  test::check_two_stream_gradients<prompt::Deep<2>>({}, test::planned(4));
}
BOOST_AUTO_TEST_CASE(gated) { test::check_two_stream_with_skips<prompt::Gated<2>>(); }

BOOST_AUTO_TEST_SUITE_END()
