// What is said of a single-stream model's cost and memory is what runs, under every policy.
#include "models/cost_streams.hpp"
#include "models/tiny_stream.hpp"

using namespace vlpt;

namespace {

template <class Policy, class Skip = skip::Dense, class Learn = learn::Policy>
using Model = SingleStream<test::TinyStream, Policy, Skip, Learn>;
auto const check = []<class Policy, class Skip>(Policy const& policy, Skip const& skip) {
  test::check_stream_cost<Model<Policy, Skip>>(policy, skip);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cost_single_stream)

BOOST_AUTO_TEST_CASE(every_policy) { test::each_policy<test::Family::single_stream>(3, check); }
BOOST_AUTO_TEST_CASE(a_ladder) { check(prompt::Ladder<2>{}, test::planned(3)); }
BOOST_AUTO_TEST_CASE(everything_learns) {
  using All = learn::Input<learn::All>;
  test::check_stream_cost<Model<prompt::Deep<2>, skip::Dense, All>>({}, {});
}

BOOST_AUTO_TEST_SUITE_END()
