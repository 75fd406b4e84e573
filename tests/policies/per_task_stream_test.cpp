#include <boost/test/unit_test.hpp>

#include "policies/task_families.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;
using namespace vlpt::test;

namespace {

/// Both ways to compute rows, and gradients against differences, with a head of one product or two.
template <class Family, class Inner>
void check(Inner a, Inner b, Inner c) {
  auto const policy = three_tasks<Inner>(a, b, c);
  auto const narrow = [](auto&) {};
  auto const wide = [](auto& s) { s.head_hidden = 5; };
  check_against_one_pass_a_task<Family, Inner, rows::Live>(policy, wide);
  check_against_one_pass_a_task<Family, Inner, rows::All>(policy, narrow);
  check_gradients_of_tasks<Family, Inner, rows::Live>(policy, narrow, 0.25);
  check_gradients_of_tasks<Family, Inner, rows::All>(policy, wide, 0);
}
template <class Family>
void check_each() {
  check<Family, prompt::Deep<>>({{2}}, {{3}}, {{1}});
  check<Family, prompt::Shallow<>>({{2}}, {{3}}, {{1}});
  using A = prompt::Approximated<dynamic, dynamic>;
  A a, b, c;
  a.prompts = 2, b.prompts = 3, c.prompts = 1, a.rank = 2, b.rank = 1, c.rank = 3;
  check<Family, A>(a, b, c);
  prompt::Adapter<dynamic> d, e, f;
  d.width = 2, e.width = 3, f.width = 1;
  check<Family, prompt::Adapter<dynamic>>(d, e, f);
  check<Family, prompt::Both<prompt::Deep<>, prompt::Lora<2>>>({{{2}}, {}}, {{{3}}, {}},
                                                               {{{1}}, {}});
  prompt::Gated<> g, h, i;
  g.prompts = 2, h.prompts = 3, i.prompts = 1;
  check<Family, prompt::Gated<>>(g, h, i);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(per_task_streams)

BOOST_AUTO_TEST_CASE(words_and_patches_in_one_stream) { check_each<StreamFamily<1>>(); }
BOOST_AUTO_TEST_CASE(two_images_of_a_sample) {
  auto const policy = three_tasks<prompt::Shallow<>>({{2}}, {{3}}, {{1}});
  auto const pairs = [](auto& s) { s.images = 2; };
  check_against_one_pass_a_task<StreamFamily<2>, prompt::Shallow<>, rows::Live>(policy, pairs);
  auto const deep = three_tasks<prompt::Deep<>>({{2}}, {{3}}, {{1}});
  check_against_one_pass_a_task<StreamFamily<2>, prompt::Deep<>, rows::Live>(deep, pairs);
}
BOOST_AUTO_TEST_CASE(two_streams_that_exchange) { check_each<PairFamily>(); }

BOOST_AUTO_TEST_SUITE_END()
