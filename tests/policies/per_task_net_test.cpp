#include <boost/test/unit_test.hpp>

#include "heap.hpp"
#include "policies/check_tasks.hpp"
#include "vlpt/io/policy_settings.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/prompt/projected.hpp"
#include "vlpt/policies/prompt/shallow.hpp"
#include "vlpt/policies/prompt/shared.hpp"

using namespace vlpt;
using namespace vlpt::test;
using prompt::PerTask;

namespace {

template <class Inner, class Learn = learn::Policy>
using Tower = VisionTower<Tiny, PerTask<Inner>, skip::Dense, Learn>;

template <class Model>
typename Model::Settings settings(typename Model::PromptType const& policy) {
  typename Model::Settings s;
  s.prompt = policy;
  return s;
}
prompt::PerTask<prompt::Deep<>> deep_tasks() {
  return three_tasks<prompt::Deep<>>({{2}}, {{3}}, {{1}});
}
auto says(std::string sentence) {
  return [sentence](InputError const& e) {
    BOOST_TEST_MESSAGE(e.what());
    return std::string(e.what()).find(sentence) != std::string::npos;
  };
}

/// Outputs and gradients of a mixed batch on a machine.
template <class B>
std::vector<double> step(B backend) {
  using Model = Tower<prompt::Deep<>, learn::All>;
  auto net = named_net<Model, B>(Model(settings<Model>(deep_tasks())), std::move(backend));
  ImageFamily::Batch batch({0, 1, 2, 3, 4, 5});
  auto const out = net.forward(batch.input(), mixed);
  std::vector<double> all;
  for (Index i = 0; i < out.rows; ++i)
    for (Index k = 0; k < out.cols; ++k)
      if (std::isfinite(out(i, k))) all.push_back(out(i, k));
  net.zero_gradients();
  net.backward(normal<double>(Shape{6, 6}, 2).view());
  all.insert(all.end(), net.gradients().begin(), net.gradients().end());
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(per_task_nets)

BOOST_AUTO_TEST_CASE(backends_agree_and_threads_do_not_change_a_bit) {
  auto const one = step(Cpu<double>(1));
  BOOST_TEST(one == step(Cpu<double>(3)), boost::test_tools::per_element());
  BOOST_TEST(distance(one, step(Reference<double>{})) < 1e-10);
}

BOOST_AUTO_TEST_CASE(the_backbone_may_learn_as_well) {
  auto const same = [](auto&) {};
  check_against_one_pass_a_task<ImageFamily, prompt::Deep<>, rows::Live, skip::Dense, learn::All>(
      deep_tasks(), same);
  using A = prompt::Adapter<2>;
  check_against_one_pass_a_task<ImageFamily, A, rows::Live, skip::Dense, learn::All>(
      three_tasks<A>({}, {}, {}), same);
}
BOOST_AUTO_TEST_CASE(layers_may_be_skipped) {  // what the skip puts in is shared by the tasks
  auto const same = [](auto&) {};
  using Skip = skip::AdapterSkip<2, 3, 1>;
  check_against_one_pass_a_task<ImageFamily, prompt::Deep<>, rows::Live, Skip>(deep_tasks(), same);
  check_against_one_pass_a_task<ImageFamily, prompt::Deep<>, rows::All, skip::Searched<2, 3>>(
      deep_tasks(), same);
}

BOOST_AUTO_TEST_CASE(a_policy_beside_may_be_shared_by_the_tasks) {
  using Inner = prompt::Both<prompt::Deep<>, prompt::Adapter<2>>;
  auto const own = three_tasks<prompt::Deep<>>({{2}}, {{3}}, {{1}});
  using Policy = prompt::Both<PerTask<prompt::Deep<>>, prompt::Adapter<2>>;
  using Model = VisionTower<Tiny, Policy>;
  static_assert(Model::has_tasks);
  typename Model::Settings s;
  s.prompt.first = own;
  auto net = named_net<Model, Reference<double>>(Model(s));
  typename VisionTower<Tiny, Inner>::Settings alone;
  alone.prompt.first.prompts = 3, alone.classes = 3;
  Net<VisionTower<Tiny, Inner>, Reference<double>> single{VisionTower<Tiny, Inner>(alone)};
  auto const many = net.parameters();
  for (auto const& p : single.parameters())
    for (auto const& r : many) {
      TaskName const name(r.name, net.model().tasks);
      if (name.plain == p.name && (name.task == 1 || name.task < 0))
        std::copy_n(r.values.data, p.shape.size(), p.values.data);
    }
  single.touch();
  ImageFamily::Batch batch({0, 1, 2, 3, 4, 5});
  auto const out = net.forward(batch.input(), mixed);
  auto const one = single.forward(batch.input());
  for (Index i : {0, 2, 3})  // samples of task 1
    for (Index k = 0; k < 3; ++k) BOOST_TEST(std::abs(out(i, 2 + k) - one(i, k)) < 1e-12);
  GradReport const report = gradcheck(net, batch.pixels, {}, mixed);
  BOOST_TEST(report.ok(1e-7), report);
}
BOOST_AUTO_TEST_CASE(projected_prompts) {
  using P = prompt::Projected<prompt::Deep<>>;
  auto const same = [](auto&) {};
  auto const policy = three_tasks<P>({{{2}}, 5}, {{{3}}, 4}, {{{1}}, 6});
  check_against_one_pass_a_task<ImageFamily, P, rows::Live>(policy, same);
  check_gradients_of_tasks<ImageFamily, P>(policy, same, 0);
}

// Prompts of each task, its head, and nothing else; the pass of one sample is its own task's.
BOOST_AUTO_TEST_CASE(what_is_trained_and_what_it_costs) {
  using Model = Tower<prompt::Deep<>>;
  Model const model(settings<Model>(deep_tasks()));
  Cost const cost = cost_of(model);
  BOOST_TEST(cost.trainable == 3 * 8 * (2 + 3 + 1) + (8 + 1) * (2 + 3 + 1));
  using Single = VisionTower<Tiny, prompt::Deep<2>>;
  typename Single::Settings s;
  s.classes = 2;
  BOOST_TEST(cost.macs == cost_of(Single(s)).macs);
  BOOST_TEST(cost.backward_macs > cost_of(Single(s)).backward_macs);  // all tasks' rows are kept
  Net<Model, Reference<double>> const net{model};
  std::vector<std::string> learnt;
  for (auto const& p : net.parameters())
    if (p.learns) learnt.push_back(p.name);
  std::vector<std::string> const names{"prompt.pets.rows", "prompt.food.rows", "prompt.cars.rows",
                                       "head.pets.weight", "head.pets.bias",   "head.food.weight",
                                       "head.food.bias",   "head.cars.weight", "head.cars.bias"};
  BOOST_TEST(learnt == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_real_sizes_train) {
  using Model = VisionTower<arch::ViT_B16, PerTask<prompt::Deep<50>>>;
  Model::Settings s;
  s.prompt.tasks = {{"pets", 37}, {"food", 101}};
  Cost const two = cost_of(Model(s));
  constexpr Cost one = cost_of(VisionTower<arch::ViT_B16, prompt::Deep<50>>{{.classes = 37}});
  BOOST_TEST(two.trainable == 2 * 12 * 50 * 768 + (37 + 101) * 769);
  BOOST_TEST(two.macs == one.macs);  // a task that waits costs no work
  BOOST_TEST(two.prepare.macs() == 2 * one.prepare.macs());
}

BOOST_AUTO_TEST_CASE(no_heap_use_after_the_first_step) {
  using Inner = prompt::Both<prompt::Deep<>, prompt::Adapter<2>>;
  using Model = Tower<Inner>;
  auto s = settings<Model>(three_tasks<Inner>({{{2}}, {}}, {{{3}}, {}}, {{{1}}, {}}));
  for (auto& t : s.prompt.tasks) t.prompt.first.dropout = 0.2;
  Net<Model, Cpu<double>> net{Model(s), {}, Cpu<double>(2)};
  ImageFamily::Batch batch({0, 1, 2, 3, 4, 5}), lonely({3});
  std::vector<Index> const sorted{0, 0, 1, 1, 1, 2};
  auto const d_out = normal<double>(Shape{6, 6}, 2);
  auto const train = [&](auto const& b, std::span<Index const> tasks) {
    (void)net.forward(b.input(), tasks, 1);
    net.zero_gradients();
    net.backward(View<double const>(d_out.data(), static_cast<Index>(tasks.size()), 6));
  };
  train(batch, sorted);
  auto start = heap_allocations();
  train(batch, mixed);
  train(lonely, std::span(mixed).first(1));
  train(batch, mixed);
  BOOST_TEST(heap_allocations() - start == 0);

  auto work = std::as_const(net).workspace(6);
  Tensor<double> out(Shape{6, 6});
  std::as_const(net).predict(batch.input(), sorted, out.view(), work);
  start = heap_allocations();
  std::as_const(net).predict(batch.input(), mixed, out.view(), work);
  BOOST_TEST(heap_allocations() - start == 0);
}

// Without rows, a stack asks the modules themselves where learning begins.
BOOST_AUTO_TEST_CASE(modules_alone_use_no_heap_either) {
  using Inner = prompt::Adapter<2>;
  using Model = Tower<Inner>;
  Net<Model, Cpu<double>> net{Model(settings<Model>(three_tasks<Inner>({}, {}, {}))), {}};
  ImageFamily::Batch batch({0, 1, 2, 3, 4, 5});
  auto const d_out = normal<double>(Shape{6, 6}, 2);
  auto const step = [&] {
    (void)net.forward(batch.input(), mixed, 1);
    net.backward(d_out.view());
  };
  step();
  auto const start = heap_allocations();
  step();
  BOOST_TEST(heap_allocations() - start == 0);
}

// More tasks than samples: what is planned for drawn rows must hold those that are not drawn.
BOOST_AUTO_TEST_CASE(a_small_batch_of_many_tasks) {
  using Inner = prompt::Both<prompt::Deep<>, prompt::Lora<2>>;
  using Model = Tower<Inner>;
  auto s = settings<Model>(three_tasks<Inner>({{{2}}, {}}, {{{3}}, {}}, {{{1}}, {}}));
  for (auto& t : s.prompt.tasks) t.prompt.first.dropout = 0.3;
  auto net = named_net<Model, Reference<double>>(Model(s));
  ImageFamily::Batch two({0, 1}), one({1});
  std::vector<Index> const tasks{2, 1};
  for (bool const training : {true, false}) {
    (void)net.forward(two.input(), tasks, 1, training);
    net.backward(normal<double>(Shape{2, 6}, 2).view());
  }
  double const both = net.forward(two.input(), tasks, 1, false)(1, 2);
  (void)net.forward(one.input(), std::span(tasks).last(1), 1);
  net.backward(normal<double>(Shape{1, 6}, 2).view());
  BOOST_TEST(std::abs(net.forward(one.input(), std::span(tasks).last(1), 1, false)(0, 2) - both) <
             1e-12);
}

BOOST_AUTO_TEST_CASE(one_task_may_fill_the_batch) {  // and ask for the scratch of all its rows
  using Inner = prompt::Adapter<300>;
  using Model = Tower<Inner>;
  auto net =
      named_net<Model, Reference<double>>(Model(settings<Model>(three_tasks<Inner>({}, {}, {}))));
  ImageFamily::Batch batch({0, 1, 2, 3, 4, 5});
  auto work = std::as_const(net).workspace(6);
  Tensor<double> out(Shape{6, 6}), same(Shape{6, 6});
  std::as_const(net).predict(batch.input(), mixed, out.view(), work);
  std::as_const(net).predict(batch.input(), std::vector<Index>(6, 1), same.view(), work);
  for (Index i : {0, 2, 3})
    for (Index k = 2; k < 5; ++k)
      BOOST_TEST(std::abs(out.view()(i, k) - same.view()(i, k)) < 1e-12);
}

// A sample's mask follows from its place in the batch, not from how tasks cut the batch.
BOOST_AUTO_TEST_CASE(dropout_does_not_see_the_other_samples_tasks) {
  using Inner = prompt::Both<prompt::Deep<>, prompt::Lora<2>>;
  using Model = Tower<Inner>;
  auto s = settings<Model>(three_tasks<Inner>({{{2}}, {}}, {{{3}}, {}}, {{{1}}, {}}));
  for (auto& t : s.prompt.tasks) t.prompt.first.dropout = t.prompt.second.dropout = 0.3;
  s.dropout = 0.3;
  auto net = named_net<Model, Reference<double>>(Model(s));
  ImageFamily::Batch batch({0, 1, 2, 3, 4, 5});
  Tensor<double> together(Shape{6, 6});
  auto const out = net.forward(batch.input(), mixed, 5);
  std::copy_n(out.data, out.size(), together.data());
  for (Index task = 0; task < 3; ++task) {
    std::vector<Index> const only(6, task);
    auto const alone = net.forward(batch.input(), only, 5);
    for (Index i = 0; i < 6; ++i) {
      if (mixed[static_cast<std::size_t>(i)] != task) continue;
      for (Index k = net.model().tasks.start(task); k < net.model().tasks.end(task); ++k)
        BOOST_TEST(std::abs(alone(i, k) - together.view()(i, k)) < 1e-12);
    }
  }
}

BOOST_AUTO_TEST_CASE(heads_alone) {  // on a backbone that no policy changes
  using Model = Tower<prompt::None>;
  auto net = named_net<Model, Reference<double>>(
      Model(settings<Model>(three_tasks<prompt::None>({}, {}, {}))));
  ImageFamily::Batch batch({0, 1, 2, 3, 4, 5});
  Tensor<double> features(Shape{6, 8}), out(Shape{6, 6});
  auto work = std::as_const(net).workspace(6);
  std::as_const(net).features(batch.input(), mixed, features.view(), work);
  std::as_const(net).predict(batch.input(), mixed, out.view(), work);
  auto const heads = net.forward_rest(std::as_const(features).view(), mixed);
  for (Index i = 0; i < 6; ++i)
    for (Index k = 0; k < 6; ++k) BOOST_TEST(heads(i, k) == out.view()(i, k));
  net.zero_gradients();
  net.backward(normal<double>(Shape{6, 6}, 2).view());
  double sum = 0;
  for (double const g : net.gradients()) sum += std::abs(g);
  BOOST_TEST(sum > 0);
}

BOOST_AUTO_TEST_CASE(one_prompt_for_all_tasks) {
  using Policy = prompt::Shared<prompt::Deep<>>;
  static_assert(Policy::name == "shared" && Policy::sites == Site::layer_rows);
  typename VisionTower<Tiny, Policy>::Settings s;
  s.prompt.prompts = 2, s.classes = 6;
  typename VisionTower<Tiny, prompt::Deep<>>::Settings inner;
  inner.prompt.prompts = 2, inner.classes = 6;
  auto net = named_net<VisionTower<Tiny, Policy>, Reference<double>>(VisionTower<Tiny, Policy>(s));
  auto same = named_net<VisionTower<Tiny, prompt::Deep<>>, Reference<double>>(
      VisionTower<Tiny, prompt::Deep<>>(inner));
  ImageFamily::Batch batch({0, 1});
  auto const a = net.forward(batch.input()), b = same.forward(batch.input());
  for (Index i = 0; i < a.size(); ++i) BOOST_TEST(a.data[i] == b.data[i]);
  io::NamedValues const expected{{"inner", "deep"}, {"prompts", "2"}};
  BOOST_TEST((io::policy_settings(s.prompt) == expected));
}

BOOST_AUTO_TEST_CASE(a_delta_knows_the_tasks) {
  io::NamedValues const expected{
      {"inner", "deep"},     {"pets.classes", "2"}, {"pets.prompts", "2"}, {"food.classes", "3"},
      {"food.prompts", "3"}, {"cars.classes", "1"}, {"cars.prompts", "1"}};
  BOOST_TEST((io::policy_settings(deep_tasks()) == expected));
}

BOOST_AUTO_TEST_CASE(tasks_that_are_not_known_are_named) {
  using Model = Tower<prompt::Deep<>>;
  Net<Model, Reference<double>> net{Model(settings<Model>(deep_tasks()))};
  BOOST_TEST(net.model().tasks.named("food") == 1);
  BOOST_CHECK_EXCEPTION((void)net.model().tasks.named("birds"), InputError,
                        says("there is no task \"birds\"; this model has \"pets\", \"food\", "
                             "\"cars\""));
  ImageFamily::Batch batch({0, 1});
  auto const run = [&](std::vector<Index> const& tasks) {
    (void)net.forward(batch.input(), std::span<Index const>(tasks));
  };
  BOOST_CHECK_EXCEPTION((void)net.forward(batch.input()), InputError,
                        says("say which one each of the 2 samples of the batch belongs to"));
  BOOST_CHECK_EXCEPTION(run({0}), InputError,
                        says("a batch of 2 samples was given the tasks of 1"));
  BOOST_CHECK_EXCEPTION(run({0, 3}), InputError, says("has task 3; this model's tasks are 0 to 2"));
  BOOST_CHECK_EXCEPTION(run({-1, 0}), InputError, says("has task -1"));
  auto work = std::as_const(net).workspace(2);
  Tensor<double> out(Shape{2, 6});
  BOOST_CHECK_THROW(std::as_const(net).predict(batch.input(), out.view(), work), InputError);
  Net<VisionTower<Tiny, prompt::Deep<2>>, Reference<double>> plain;
  std::vector<Index> const tasks{0, 0};
  BOOST_CHECK_EXCEPTION((void)plain.forward(batch.input(), std::span<Index const>(tasks)),
                        InputError, says("this model has no tasks"));
}

BOOST_AUTO_TEST_CASE(tasks_that_no_model_can_have_are_named) {
  using Inner = prompt::Shallow<>;
  using Model = Tower<Inner>;
  auto const refused = [](PerTask<Inner> const& policy, Index classes, std::string sentence,
                          Pool pool = Pool::class_row) {
    auto s = settings<Model>(policy);
    s.classes = classes, s.facts.pool = pool;
    BOOST_CHECK_EXCEPTION(Model{s}, InputError, says(std::move(sentence)));
  };
  Inner const one{{1}}, two{{2}};
  refused({}, 0, "needs at least one task");
  refused({{{"pets", 0, one}}}, 0, "task \"pets\" has no head: give it at least one class");
  refused({{{"pets", 2, one}, {"pets", 3, one}}}, 0, "two tasks have the name \"pets\"");
  refused({{{"a.b", 2, one}}}, 0, "does not name a task");
  refused({{{"pets", 2, one}, {"food", 3, one}}}, 4, "have 5 classes in all, not the 4");
  refused({{{"pets", 2, one}, {"food", 3, two}}}, 0, "the tasks have 1 to 2 of them",
          Pool::mean_all);
}

BOOST_AUTO_TEST_SUITE_END()
