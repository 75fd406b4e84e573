// Prompt policies on a single-stream model: rows, and what stands in the blocks.
#include "policies/check_stream.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(stream)

BOOST_AUTO_TEST_CASE(nothing) { test::check_stream<prompt::None>(); }
BOOST_AUTO_TEST_CASE(everything_learns) {
  test::check_stream<prompt::None, skip::Dense, learn::Input<learn::All>>();
}
BOOST_AUTO_TEST_CASE(shallow) { test::check_stream<prompt::Shallow<2>>(); }
BOOST_AUTO_TEST_CASE(deep) { test::check_stream<prompt::Deep<2>>(); }
BOOST_AUTO_TEST_CASE(deep_over_skips) {
  test::check_stream<prompt::Deep<2>, skip::AdapterSkip<2, 3, 1>>();
}
BOOST_AUTO_TEST_CASE(approximated) { test::check_stream<prompt::Approximated<3, 2>>(); }
BOOST_AUTO_TEST_CASE(gated) { test::check_stream<prompt::Gated<2>>(); }

BOOST_AUTO_TEST_SUITE_END()
