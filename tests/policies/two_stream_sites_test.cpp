// What stands in the layers of a two-stream model.
#include "blocks/own_sites.hpp"
#include "policies/check_two_stream.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"

using namespace vlpt;

namespace {

/// At every site that a post-norm block has, with rows of its own.
struct AllSites : test::Everywhere {
  static constexpr Site sites = test::Everywhere::sites | Site::attention_normed | Site::mlp_normed;
  [[nodiscard]] constexpr auto attention_normed(LayerFacts const& f) const {
    return test::SquaredScale{f.dim};
  }
  [[nodiscard]] constexpr auto mlp_normed(LayerFacts const& f) const { return test::Gate{f.dim}; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(two_stream_sites)

BOOST_AUTO_TEST_CASE(approximated) {
  test::check_two_stream<prompt::Approximated<3, 2, Rectified, false>>();
}
BOOST_AUTO_TEST_CASE(lora) { test::check_two_stream<prompt::Lora<2>>(); }
BOOST_AUTO_TEST_CASE(adapter) { test::check_two_stream<prompt::Adapter<2>>(); }
BOOST_AUTO_TEST_CASE(gated) { test::check_two_stream<prompt::Gated<2>>(); }
BOOST_AUTO_TEST_CASE(parallel_adapter) {
  test::check_two_stream<prompt::ParallelAdapter<2, true>>();
}
BOOST_AUTO_TEST_CASE(a_policy_of_ones_own_at_every_site) {
  test::check_two_stream<AllSites>();
  test::check_policy<AllSites>();
}

BOOST_AUTO_TEST_SUITE_END()
