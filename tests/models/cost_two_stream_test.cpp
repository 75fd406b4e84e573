// What is said of a two-stream model's cost and memory is what runs, under every policy that it
// has a place for: a ladder has none.
#include "models/cost_streams.hpp"
#include "models/tiny_two_stream.hpp"

using namespace vlpt;

namespace {

template <class Policy, class Skip = skip::Dense, class Learn = learn::Policy>
using Model = TwoStream<test::TinyMeter, Policy, Skip, Learn>;
auto const check = []<class Policy, class Skip>(Policy const& policy, Skip const& skip) {
  test::check_stream_cost<Model<Policy, Skip>>(policy, skip);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cost_two_stream)

BOOST_AUTO_TEST_CASE(every_policy) { test::each_policy<test::Family::two_stream>(4, check); }
BOOST_AUTO_TEST_CASE(everything_learns) {
  test::check_stream_cost<Model<prompt::Deep<2>, skip::Dense, learn::All>>({}, {});
}

BOOST_AUTO_TEST_SUITE_END()
