// DAS: plans in the type, plans at run time, and routes while a search goes on.
#include "policies/check_policy.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

namespace {

template <class Skip, class Prompt = prompt::None>
using NetOf = Net<VisionTower<test::Tiny, Prompt, Skip>, Reference<double>>;

/// Copies the values of every tensor that both nets have.
template <class From, class To>
void copy(From const& from, To& to) {
  for (auto const& p : to.parameters())
    for (auto const& q : from.parameters())
      if (p.name == q.name && p.shape == q.shape)
        std::copy_n(q.values.data, q.shape.size(), p.values.data);
  to.touch();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(skips)

BOOST_AUTO_TEST_CASE(gradients_and_live_rows) {
  test::check_policy_with_skips<prompt::None>();
  test::check_policy_with_skips<prompt::Shallow<2>>();
  test::check_policy_with_skips<prompt::Deep<2>>();
}

BOOST_AUTO_TEST_CASE(full_tuning) {
  test::check_gradients_with_skips<prompt::None, learn::Input<learn::All>>();
}

BOOST_AUTO_TEST_CASE(a_plan_in_the_type_and_one_at_run_time_give_the_same_numbers) {
  NetOf<skip::AdapterSkip<2, 3, 0, 2>, prompt::Deep<2>> typed;
  test::randomise(typed);
  using Model = VisionTower<test::Tiny, prompt::Deep<2>, skip::Planned<2, 3>>;
  typename Model::Settings s;
  s.skip.plan = SkipPlan(3, {2, 0});
  Net<Model, Reference<double>> planned{Model(s)};
  BOOST_REQUIRE(planned.parameters().size() == typed.parameters().size());
  copy(typed, planned);
  auto const images = test::images<double>(2, typed.model().facts);
  BOOST_TEST(std::as_const(typed)(images).values == std::as_const(planned)(images).values,
             boost::test_tools::per_element());
  s.skip.plan = SkipPlan(4, {2});
  BOOST_CHECK_THROW(Model{s}, InputError);
}

BOOST_AUTO_TEST_CASE(a_search_runs_what_would_be_deployed) {
  NetOf<skip::Searched<2, 3>> search;
  test::randomise(search);
  NetOf<skip::AdapterSkip<2, 3, 1>> deployed;
  copy(search, deployed);
  auto const images = test::images<double>(2, search.model().facts);
  auto const dense = std::as_const(search)(images);
  search.skip(SkipPlan(3, {1}));
  auto const a = std::as_const(search)(images), b = std::as_const(deployed)(images);
  BOOST_TEST(a.values == b.values, boost::test_tools::per_element());
  BOOST_TEST(a.values != dense.values);
}

BOOST_AUTO_TEST_CASE(skipped_layers_have_no_weights) {
  NetOf<skip::AdapterSkip<2, 3, 1>, prompt::Deep<2>> const net;
  for (auto const& p : net.parameters()) {
    if (p.name.starts_with("layers.1."))
      BOOST_TEST(p.name.starts_with("layers.1.shortcut."), p.name);
    if (p.name == "prompt.rows") BOOST_TEST(p.shape == (Shape{2, 2, 8}));
  }
  static_assert(
      VisionTower<arch::ViT_B16, prompt::None, skip::AdapterSkip<96, 192, 3>>::cost().trainable ==
      3'594'240);
  static_assert(
      VisionTower<arch::ViT_B16, prompt::None, skip::Searched<96, 192>>::cost().trainable ==
      7'165'440);
}

BOOST_AUTO_TEST_CASE(where_no_layer_runs_there_are_no_deep_prompts) {
  using Model = VisionTower<test::Tiny, prompt::Deep<2>, skip::AdapterSkip<2, 3, 0, 1, 2>>;
  Net<Model, Reference<double>> const net{test::tower<Model>(Pool::mean_all)};
  for (auto const& p : net.parameters()) BOOST_TEST(!p.name.starts_with("prompt."), p.name);
  BOOST_TEST(net.model().prompts() == 0);
  using Run =
      test::PolicyRun<prompt::Deep<2>, skip::AdapterSkip<2, 3, 0, 1, 2>, learn::Policy, rows::Live>;
  Run run(Pool::mean_all, 0.25, {}, {});
  GradReport const report = gradcheck(run.net, test::images<double>(2, run.net.model().facts));
  BOOST_TEST(report.ok(1e-7), report);
}

// A short-cut may need more memory than its block, and prompts that the pooling reads enter a layer
// earlier where the last ones are left out.
BOOST_AUTO_TEST_CASE(every_plan_of_a_search_has_the_memory_that_it_needs) {
  auto const runs = []<class Model>(std::type_identity<Model>, Pool pool) {
    Net<Model, Reference<double>> net{test::tower<Model>(pool)};
    auto const images = test::images<double>(2, net.model().facts);
    for (auto const& plan : {SkipPlan(3, {0, 1, 2}), SkipPlan(3, {2}), SkipPlan(3, {1, 2}),
                             SkipPlan(3, {0}), SkipPlan(3)}) {
      net.skip(plan);
      BOOST_CHECK_THROW(net.backward(View<double const>{}), InputError);  // none of this plan yet
      auto const out = net.forward(net.stream_of(images), 1);
      net.backward(out);
      Tensor<double> const expected(Shape{out.rows, out.cols}, {out.data, out.data + 2 * out.cols});
      auto const d = std::as_const(net)(images);
      for (Index i = 0; i < d.size(); ++i) BOOST_TEST(std::abs(d[i] - expected[i]) < 1e-12);
    }
  };
  runs(std::type_identity<VisionTower<test::Tiny, prompt::None, skip::Searched<2, 200>>>{},
       Pool::class_row);
  runs(std::type_identity<VisionTower<test::Tiny, prompt::Deep<5>, skip::Searched<2, 3>>>{},
       Pool::mean_prompts);
}

BOOST_AUTO_TEST_CASE(a_plan_for_a_model_that_does_not_search_is_refused) {
  NetOf<skip::AdapterSkip<2, 3, 1>, prompt::Deep<2>> deployed;
  BOOST_CHECK_THROW(deployed.skip(SkipPlan(3, {2})), InputError);
  NetOf<skip::Dense, prompt::Deep<2>> dense;
  BOOST_CHECK_THROW(dense.skip(SkipPlan(3, {2})), InputError);
  BOOST_CHECK_NO_THROW(dense.skip({}));
}

// methods.md 6.6: a zero up-projection is the identity.
BOOST_AUTO_TEST_CASE(adapters_that_give_nothing_leave_the_backbone_alone) {
  NetOf<skip::Searched<2, 3>> search;
  NetOf<skip::Dense> dense;
  for (auto const& p : search.parameters())
    if (p.name.find(".up.") != std::string::npos) std::fill_n(p.values.data, p.shape.size(), 0.0);
  copy(search, dense);
  auto const images = test::images<double>(2, search.model().facts);
  BOOST_TEST(std::as_const(search)(images).values == std::as_const(dense)(images).values,
             boost::test_tools::per_element());
}
BOOST_AUTO_TEST_CASE(a_short_cut_that_gives_nothing_is_the_identity) {
  NetOf<skip::AdapterSkip<2, 3, 1>> net;
  test::randomise(net);
  for (auto const& p : net.parameters())
    if (p.name.find("shortcut.up.") != std::string::npos)
      std::fill_n(p.values.data, p.shape.size(), 0.0);
  net.touch();
  struct Look {
    std::vector<double> in, out;
    static void look(void* self, TapPoint point, Index layer, Stream<double const> x) {
      auto& to = *static_cast<Look*>(self);
      if (layer == 1 && point == TapPoint::block_in) to.in.assign(x.data, x.data + x.size());
      if (layer == 1 && point == TapPoint::block_out) to.out.assign(x.data, x.data + x.size());
    }
  } look;
  net.set_tap({Look::look, &look});
  (void)std::as_const(net)(test::images<double>(2, net.model().facts));
  BOOST_REQUIRE(!look.in.empty());
  BOOST_TEST(look.in == look.out, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
