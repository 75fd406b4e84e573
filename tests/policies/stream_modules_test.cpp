// Policies without rows on a single-stream model, and DAS's skips.
#include "policies/check_stream.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(stream_modules)

BOOST_AUTO_TEST_CASE(lora) { test::check_stream<prompt::Lora<2>>(); }
BOOST_AUTO_TEST_CASE(adapter) { test::check_stream<prompt::Adapter<2>>(); }
BOOST_AUTO_TEST_CASE(parallel_adapter) { test::check_stream<prompt::ParallelAdapter<2>>(); }
BOOST_AUTO_TEST_CASE(skips) {
  skip::Planned<2, 3> planned{};
  planned.plan = SkipPlan(3, {0});
  test::check_stream<prompt::None, skip::Planned<2, 3>>({}, planned);
}
BOOST_AUTO_TEST_CASE(a_search) { test::check_stream<prompt::None, skip::Searched<2, 3>>(); }

BOOST_AUTO_TEST_SUITE_END()
