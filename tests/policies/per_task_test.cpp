#include "vlpt/policies/prompt/per_task.hpp"

#include <boost/test/unit_test.hpp>

#include "policies/check_tasks.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/gated.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;
using namespace vlpt::test;

namespace {

/// Both ways to compute rows, gradients of images, and gradients against differences.
template <class Inner>
void check(Inner a, Inner b, Inner c, Pool pool = Pool::class_row) {
  auto const policy = three_tasks<Inner>(a, b, c);
  auto const pooled = [pool](auto& s) { s.facts.pool = pool; };
  using Scope = learn::Input<learn::Policy>;
  check_against_one_pass_a_task<ImageFamily, Inner, rows::Live, skip::Dense, Scope>(policy, pooled);
  check_against_one_pass_a_task<ImageFamily, Inner, rows::All, skip::Dense, Scope>(policy, pooled);
  for (double const dropout : {0.0, 0.25})
    check_gradients_of_tasks<ImageFamily, Inner>(policy, pooled, dropout);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(per_task)

BOOST_AUTO_TEST_CASE(deep_prompts_of_any_count) {
  using P = prompt::Deep<>;
  check<P>({{2}}, {{3}}, {{1}});
  check<P>({{2}}, {{2}}, {{2}}, Pool::mean_all);
}
BOOST_AUTO_TEST_CASE(shallow_prompts_of_any_count) {
  using P = prompt::Shallow<>;
  check<P>({{2}}, {{3}}, {{1}});
  check<P>({{2}}, {{2}}, {{2}}, Pool::mean_prompts);
}

BOOST_AUTO_TEST_CASE(gates_and_temperatures) {
  using P = prompt::Gated<>;
  P a, b, c;
  a.prompts = 2, b.prompts = 3, c.prompts = 1, b.gates = prompt::Blocks::first(1);
  check<P>(a, b, c);
}
BOOST_AUTO_TEST_CASE(approximated_prompts) {
  using P = prompt::Approximated<dynamic, dynamic>;
  P a, b, c;
  a.prompts = 2, b.prompts = 3, c.prompts = 1, a.rank = 2, b.rank = 1, c.rank = 3;
  check<P>(a, b, c);
}
BOOST_AUTO_TEST_CASE(adapters_and_low_ranks) {
  using A = prompt::Adapter<dynamic>;
  A a, b, c;
  a.width = 2, b.width = 3, c.width = 1;
  check<A>(a, b, c);
  using L = prompt::Lora<dynamic>;
  L d, e, f;
  d.rank = 2, e.rank = 3, f.rank = 1;
  check<L>(d, e, f);
}
BOOST_AUTO_TEST_CASE(two_policies_in_one) {  // deep prompts' keys and values pass their task's LoRA
  using P = prompt::Both<prompt::Deep<>, prompt::Lora<2>>;
  check<P>({{{2}}, {}}, {{{3}}, {}}, {{{1}}, {}});
}

BOOST_AUTO_TEST_SUITE_END()
