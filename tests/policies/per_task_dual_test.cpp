#include <boost/test/unit_test.hpp>

#include "policies/task_families.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/unified.hpp"

using namespace vlpt;
using namespace vlpt::test;

namespace {

template <class Inner>
void check(Inner a, Inner b, Inner c) {
  auto const policy = three_tasks<Inner>(a, b, c);
  auto const texts = [](auto& s) { s.texts = DualFamily::six_texts(); };
  using Scope = learn::Input<learn::Policy>;
  check_against_one_pass_a_task<DualFamily, Inner, rows::Live, skip::Dense, Scope>(policy, texts);
  check_against_one_pass_a_task<DualFamily, Inner, rows::All, skip::Dense, Scope>(policy, texts);
  check_gradients_of_tasks<DualFamily, Inner>(policy, texts, 0.25);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(per_task_dual)

BOOST_AUTO_TEST_CASE(contexts) {
  check<prompt::Context<2>>({}, {}, {});
  using C = prompt::Context<3, ContextPlace::middle, true>;  // a set for each class
  check<C>({}, {}, {});
}
BOOST_AUTO_TEST_CASE(prompts_of_images) {
  check<prompt::Deep<>>({{2}}, {{3}}, {{1}});
  using Two = prompt::Both<prompt::Context<2>, prompt::Both<prompt::Deep<>, prompt::Adapter<2>>>;
  check<Two>({{}, {{{2}}, {}}}, {{}, {{{3}}, {}}}, {{}, {{{1}}, {}}});
}
BOOST_AUTO_TEST_CASE(prompts_of_both_towers_made_together) {
  using P = prompt::Unified<prompt::Context<2>, prompt::Deep<>>;
  P a, b, c;
  a.image.prompts = 2, b.image.prompts = 3, c.image.prompts = 1;
  a.width = 4, b.width = 6, c.width = 4, c.no_mix = true;
  check<P>(a, b, c);
}
BOOST_AUTO_TEST_CASE(what_real_sizes_train) {
  using Model = DualEncoder<arch::ClipB16, prompt::PerTask<prompt::Unified<>>>;
  Model::Settings s;
  s.prompt.tasks = {{"pets", 1}, {"food", 1}, {"cars", 1}};
  BOOST_TEST(cost_of(Model(s)).trainable == 3 * 566'400);
}
BOOST_AUTO_TEST_CASE(contexts_that_do_not_fit_one_text_are_named) {
  using C = prompt::Context<>;
  auto const refused = [](C a, C b, std::string const& sentence) {
    DualSettings<TinyDual, prompt::PerTask<C>, skip::Dense> s;
    s.prompt.tasks = {{"pets", 1, a}, {"food", 1, b}};
    BOOST_CHECK_EXCEPTION((DualEncoder<TinyDual, prompt::PerTask<C>>(s)), InputError,
                          [&](InputError const& e) {
                            return std::string(e.what()).find(sentence) != std::string::npos;
                          });
  };
  C two, three, front;
  two.prompts = 2, three.prompts = 3, front.prompts = 2, front.place = ContextPlace::front;
  refused(two, three, "texts of one length: task \"food\" has 3 rows");
  refused(two, front, "one place of a text: task \"food\" says front");
}

BOOST_AUTO_TEST_SUITE_END()
