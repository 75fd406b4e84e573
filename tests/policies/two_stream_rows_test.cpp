// Prompt rows on a two-stream model.
#include "policies/check_two_stream.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(two_stream_rows)

BOOST_AUTO_TEST_CASE(nothing) { test::check_two_stream<prompt::None>(); }
BOOST_AUTO_TEST_CASE(everything_but_the_image_tower_learns) {
  test::check_two_stream<prompt::None, skip::Dense, learn::All>();
}
BOOST_AUTO_TEST_CASE(shallow) { test::check_two_stream<prompt::Shallow<2>>(); }
BOOST_AUTO_TEST_CASE(deep) { test::check_two_stream<prompt::Deep<2>>(); }

BOOST_AUTO_TEST_SUITE_END()
