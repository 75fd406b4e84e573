// Policies that stand in the blocks or beside them, in a single-stream model under every skip
// policy. (A ladder beside a plan in the type: ladder.)
#include "policies/check_stream.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/ladder.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(stream_module_skips)

BOOST_AUTO_TEST_CASE(approximated) { test::check_stream_with_skips<prompt::Approximated<3, 2>>(); }
BOOST_AUTO_TEST_CASE(lora) { test::check_stream_with_skips<prompt::Lora<2>>(); }
BOOST_AUTO_TEST_CASE(adapter) { test::check_stream_with_skips<prompt::Adapter<2>>(); }
BOOST_AUTO_TEST_CASE(parallel_adapter) {
  test::check_stream_with_skips<prompt::ParallelAdapter<2>>();
}
BOOST_AUTO_TEST_CASE(ladder) {
  test::check_stream_gradients<prompt::Ladder<2>>({}, test::planned(3));
  test::check_stream_gradients<prompt::Ladder<2>, test::SearchedSkip>();
}
BOOST_AUTO_TEST_CASE(both) {
  using Policy = prompt::Both<prompt::Deep<2>, prompt::Lora<2>>;
  test::check_stream_gradients<Policy, skip::Dense>();
  test::check_stream_with_skips<Policy>();
}

BOOST_AUTO_TEST_SUITE_END()
