// Tasks in models of every family whose layers are skipped, by every skip policy of DAS.
#include <boost/test/unit_test.hpp>

#include "policies/every_skip.hpp"
#include "policies/task_families.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"

using namespace vlpt;
using namespace vlpt::test;

namespace {

/// Gradients of a mixed batch, with dropout; a search leaves out layer 1.
template <class Family, class Inner>
void check(Index layers, prompt::PerTask<Inner> const& policy, auto const& change) {
  every_skip(layers, [&]<class Skip>(Skip const& skip) {
    bool const searches = std::is_same_v<Skip, SearchedSkip>;
    check_gradients_of_tasks<Family, Inner, rows::Live, Skip>(
        policy, [&](auto& s) { s.skip = skip, change(s); }, 0.25,
        searches ? SkipPlan(layers, {1}) : SkipPlan{});
  });
}
template <class Family>
void check_each(Index layers, auto const& change) {
  using Two = prompt::Both<prompt::Deep<>, prompt::Adapter<2>>;
  check<Family>(layers, three_tasks<Two>({{{2}}, {}}, {{{3}}, {}}, {{{1}}, {}}), change);
  prompt::Gated<> a, b, c;
  a.prompts = 2, b.prompts = 3, c.prompts = 1;
  check<Family>(layers, three_tasks<prompt::Gated<>>(a, b, c), change);
}
auto const same = [](auto&) {};

}  // namespace

BOOST_AUTO_TEST_SUITE(per_task_skips)

BOOST_AUTO_TEST_CASE(a_vision_tower) { check_each<ImageFamily>(3, same); }
BOOST_AUTO_TEST_CASE(a_dual_encoder) {
  check_each<DualFamily>(4, [](auto& s) { s.texts = DualFamily::six_texts(); });
}
BOOST_AUTO_TEST_CASE(a_single_stream) { check_each<StreamFamily<1>>(3, same); }
BOOST_AUTO_TEST_CASE(two_streams) { check_each<PairFamily>(4, same); }
BOOST_AUTO_TEST_CASE(where_no_layer_runs_no_task_has_deep_prompts) {
  using Deep = prompt::Deep<>;
  check_gradients_of_tasks<ImageFamily, Deep, rows::Live, skip::AdapterSkip<2, 3, 0, 1, 2>>(
      three_tasks<Deep>({{2}}, {{3}}, {{1}}), same, 0.25);
  check_gradients_of_tasks<PairFamily, Deep, rows::Live, skip::AdapterSkip<2, 3, 2, 3>>(
      three_tasks<Deep>({{2}}, {{3}}, {{1}}), same, 0);
}

BOOST_AUTO_TEST_SUITE_END()
