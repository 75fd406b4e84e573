#include <boost/test/unit_test.hpp>

#include "../io/scratch.hpp"
#include "tiny_tasks.hpp"
#include "vlpt/io/delta.hpp"
#include "vlpt/io/task_deltas.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/train/multitask/stages.hpp"

namespace vlpt {
namespace {

using namespace test;

FitSettings settings_of(Index epochs, OffTask off = OffTask::keep) {
  FitSettings s{.epochs = epochs, .batch = 9, .learning_rate = 2e-2};
  s.off_task = off;
  return s;
}
template <class N, class E>
std::vector<EpochSummary> tuned(N& net, E& examples, FitSettings const& s) {
  AdamW<float> optimizer(groups_of(net));
  return fit(net, optimizer, examples, s);
}
auto says(std::string sentence) {
  return [sentence](InputError const& e) {
    BOOST_TEST_MESSAGE(e.what());
    return std::string(e.what()).find(sentence) != std::string::npos;
  };
}

BOOST_AUTO_TEST_SUITE(multitask)

BOOST_AUTO_TEST_CASE(examples_of_tasks_are_numbered_through) {
  PlantedTasks data(6);
  TaskExamples<PlantedExamples> all(data.parts());
  BOOST_TEST(all.size() == 18);
  BOOST_TEST(all.classes() == 7);
  BOOST_TEST(all.task(5) == 0);
  BOOST_TEST(all.task(6) == 1);
  BOOST_TEST(all.label(2) == 2);
  BOOST_TEST(all.label(6) == 3);
  BOOST_TEST(all.label(17) == 6);
  std::vector<float> a(64), b(64);
  all.fill(13, Random{}, a.data());
  data.third.fill(1, Random{}, b.data());
  BOOST_TEST(a == b, boost::test_tools::per_element());
  TaskRanges const ranges = all.ranges(OffTask::zero);
  BOOST_TEST((ranges.start == std::vector<Index>{0, 3, 5} && ranges.end[2] == 7));
}

BOOST_AUTO_TEST_CASE(prompts_of_each_task_learn_from_mixed_batches) {
  PlantedTasks data;
  TaskExamples<PlantedExamples> all(data.parts());
  auto net = per_task_net(prompt::Deep<2>{});
  auto const curve = tuned(net, all, settings_of(80));
  BOOST_TEST(curve.back().train_loss < 0.5 * curve.front().train_loss);
  auto const logits = predict_all(std::as_const(net), all);
  for (double const share : task_accuracy(logits, all)) BOOST_TEST(share > 0.7);
  BOOST_TEST(accuracy(logits, all) > 0.8);
}

// Each task's parts see its own examples alone: those of the others change nothing.
BOOST_AUTO_TEST_CASE(a_step_on_one_task_leaves_the_others_as_they_are) {
  PlantedTasks data;
  TaskExamples<PlantedExamples> some({{"light", data.first}});
  auto net = per_task_net(prompt::Deep<2>{});
  std::vector<Index> const tasks(3, 1);
  std::vector<float> planes(3 * 64);
  for (Index i = 0; i < 3; ++i) data.second.fill(i, {}, planes.data() + i * 64);
  auto const out = net.forward({planes.data(), 3, 8, 8}, tasks);
  std::vector<float> d(static_cast<std::size_t>(out.size()), 1);
  net.zero_gradients();
  net.backward({d.data(), 3, out.cols});
  for (auto const& p : net.parameters()) {
    if (!p.learns) continue;
    double sum = 0;
    for (Index i = 0; i < p.shape.size(); ++i)
      sum += std::abs(net.gradients()[static_cast<std::size_t>(net.offset(p) + i)]);
    bool const own = p.name.find(".side.") != std::string::npos;
    BOOST_TEST((sum > 0) == own, p.name);
  }
}

BOOST_AUTO_TEST_CASE(heads_of_each_task_on_features_that_are_kept) {
  PlantedTasks data;
  TaskExamples<PlantedExamples> all(data.parts());
  auto net = per_task_net(prompt::None{});
  auto const curve = tuned(net, all, settings_of(30));
  BOOST_TEST(curve.back().train_loss < curve.front().train_loss);
  BOOST_TEST(accuracy(predict_all(std::as_const(net), all), all) > 0.8);
}

BOOST_AUTO_TEST_CASE(one_prompt_learns_all_tasks_under_every_softmax) {
  PlantedTasks data;
  TaskExamples<PlantedExamples> all(data.parts());
  std::vector<double> first;
  for (OffTask const off : {OffTask::keep, OffTask::zero, OffTask::minus_infinity}) {
    auto net = shared_net(prompt::Deep<2>{}, 7);
    auto const curve = tuned(net, all, settings_of(20, off));
    first.push_back(curve.front().train_loss);
    BOOST_TEST(std::isfinite(curve.back().train_loss));
    BOOST_TEST(curve.back().train_loss < 0.7 * curve.front().train_loss);
    BOOST_TEST(accuracy(predict_all(std::as_const(net), all), all) > 0.8);
  }
  BOOST_TEST(first[2] < first[0]);  // fewer classes to tell apart
}

BOOST_AUTO_TEST_CASE(several_labels_share_the_mass) {
  PlantedTasks data(6);
  auto parts = data.parts();
  parts[0].labels = Tensor<double>(Shape{6, 3});
  for (Index i = 0; i < 6; ++i) parts[0].labels.view()(i, 0) = parts[0].labels.view()(i, i % 3) = 1;
  TaskExamples<PlantedExamples> all(parts);
  BOOST_TEST(all.soft());
  std::vector<double> row(7);
  all.targets(1, row.data());
  BOOST_TEST((row == std::vector<double>{0.5, 0.5, 0, 0, 0, 0, 0}));
  all.targets(7, row.data());
  BOOST_TEST((row == std::vector<double>{0, 0, 0, 0, 1, 0, 0}));
  for (OffTask const off : {OffTask::keep, OffTask::minus_infinity}) {
    auto net = shared_net(prompt::Deep<2>{}, 7);
    auto const curve = tuned(net, all, settings_of(20, off));
    BOOST_TEST(curve.back().train_loss < curve.front().train_loss);
  }
  auto net = per_task_net(prompt::Deep<2>{});
  auto const curve = tuned(net, all, settings_of(20));
  BOOST_TEST(curve.back().train_loss < curve.front().train_loss);
}

BOOST_AUTO_TEST_CASE(source_prompts_are_the_mean_of_the_seeds) {
  std::vector<LearntValues<float>> seen;
  auto const mean = source_prompt({1, 2, 3}, [&](std::uint64_t seed) {
    auto net = shared_net(prompt::Deep<2>{}, 7, seed);
    seen.push_back(learnt_values(net));
    return net;
  });
  BOOST_REQUIRE(seen.size() == 3);
  BOOST_REQUIRE(mean.size() == 1);  // the prompts, not the head
  auto const& rows = mean.at("prompt.rows");
  for (std::size_t i = 0; i < rows.values.size(); ++i) {
    double sum = 0;
    for (auto const& one : seen) sum += static_cast<double>(one.at("prompt.rows").values[i]);
    BOOST_TEST(rows.values[i] == static_cast<float>(sum / 3));
  }
  BOOST_TEST(!(seen[0].at("prompt.rows").values == seen[1].at("prompt.rows").values));
  auto other = learnt_values(shared_net(prompt::Deep<3>{}, 7));
  BOOST_CHECK_EXCEPTION((void)mean_of(std::vector{mean, other}), InputError,
                        says("the mean of learnt values needs the same tensors"));
}

BOOST_AUTO_TEST_CASE(a_net_starts_from_a_source_but_for_its_head) {
  auto const source = learnt_values(shared_net(prompt::Deep<2>{}, 7, 4));
  auto const& rows = source.at("prompt.rows").values;
  auto single = tiny_net<prompt::Deep<2>>();
  auto const before = std::vector<float>(single.learnt().begin(), single.learnt().end());
  start_from(single, source);
  for (auto const& p : single.parameters())
    if (p.learns) {
      float const* const was =
          p.name == "prompt.rows" ? rows.data() : before.data() + single.offset(p);
      BOOST_TEST(std::equal(was, was + p.shape.size(), p.values.data), p.name);
    }
  auto many = per_task_net(prompt::Deep<2>{});
  start_from(many, source);
  Index found = 0;
  for (auto const& p : many.parameters())
    if (p.name.starts_with("prompt."))
      found += std::equal(rows.begin(), rows.end(), p.values.data) ? 1 : 0;
  BOOST_TEST(found == 3);
}

BOOST_AUTO_TEST_CASE(tasks_may_be_called_as_layers_are) {
  using Adapter = prompt::Adapter<2>;
  auto const source = learnt_values(shared_net(Adapter{}, 7, 4));
  for (auto const& [one, two] : {std::pair{"1", "0"}, std::pair{"layers", "mlp_out"}}) {
    using Model = TinyModel<prompt::PerTask<Adapter>>;
    Model::Settings s;
    s.prompt.tasks = {{one, 3}, {two, 4}};
    Net<Model, Cpu<float>> net{Model{s}, {}, Cpu<float>(1)};
    start_from(net, source);
    for (auto const& p : net.parameters())
      if (std::string const part = text(".1.mlp_out.", two, ".up.weight"); p.name.ends_with(part)) {
        auto const& was = source.at("layers.1.mlp_out.up.weight").values;
        BOOST_TEST(std::equal(was.begin(), was.end(), p.values.data), p.name);
      }
  }
}

BOOST_AUTO_TEST_CASE(a_source_may_be_a_delta) {
  Scratch const scratch;
  auto net = tiny_net<prompt::Deep<2>>();
  io::save_delta(scratch.path() / "source.delta", net);
  auto const read = learnt_values<float>(scratch.path() / "source.delta");
  BOOST_TEST((read.at("prompt.rows").values == learnt_values(net).at("prompt.rows").values));
  BOOST_TEST(read.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_source_that_does_not_fit_is_refused_whole) {
  auto net = per_task_net(prompt::Deep<2>{});
  std::vector<float> const before(net.learnt().begin(), net.learnt().end());
  auto const wider = learnt_values(shared_net(prompt::Deep<3>{}, 7));
  BOOST_CHECK_EXCEPTION(start_from(net, wider), InputError, says("prompt.side.rows: source"));
  LearntValues<float> other{{"layers.0.adapter", Tensor<float>(Shape{2})}};
  BOOST_CHECK_EXCEPTION(start_from(net, other), InputError, says("not in the net: layers.0"));
  BOOST_CHECK_EXCEPTION(start_from(net, other), InputError,
                        says("missing in the source: prompt.rows"));
  BOOST_TEST((before == std::vector<float>(net.learnt().begin(), net.learnt().end())));
}

// Deltas that were tuned one by one serve together: each row gets what its own net would give it.
BOOST_AUTO_TEST_CASE(deltas_of_single_tasks_join_in_one_net) {
  Scratch const scratch;
  using Single = TinyModel<prompt::Deep<2>>;
  auto net = per_task_net(prompt::Deep<2>{});
  io::TaskDeltas deltas;
  std::vector<Net<Single, Cpu<float>>> nets;
  for (auto const& [name, classes] : {std::pair{"light", 3}, {"side", 2}, {"end", 2}}) {
    Single::Settings s;
    s.facts.pool = Pool::mean_image, s.classes = classes;
    nets.emplace_back(Single{s}, NetSettings{.seed = 1}, Cpu<float>(1));
    std::uint64_t at = 0;
    for (float& x : nets.back().learnt())
      x = static_cast<float>(Random{.seed = 3, .stream = nets.size()}.normal(at++)) * 0.1F;
    nets.back().touch();
    deltas[name] = scratch.path() / (std::string(name) + ".delta");
    io::save_delta(deltas[name], nets.back());
  }
  io::load_task_deltas(net, deltas);
  Tensor<float> images(Shape{3, 1, 8, 8});
  for (Index i = 0; i < images.size(); ++i)
    images.values[static_cast<std::size_t>(i)] = static_cast<float>(i % 7) / 7;
  auto const& tasks = net.model().tasks;
  std::vector<Index> const of{2, 0, 1};
  auto const logits = net.forward(net.stream_of(images), of);
  for (Index row = 0; row < 3; ++row) {
    auto const task = of[static_cast<std::size_t>(row)];
    auto const alone = std::as_const(nets[static_cast<std::size_t>(task)])(images);
    for (Index c = tasks.start(task); c < tasks.end(task); ++c)
      BOOST_TEST(std::abs(logits(row, c) - alone.view()(row, c - tasks.start(task))) < 1e-5F);
  }
}

BOOST_AUTO_TEST_CASE(deltas_that_do_not_join_are_refused_whole) {
  Scratch const scratch;
  auto net = per_task_net(prompt::Deep<2>{});
  std::vector<float> const before(net.learnt().begin(), net.learnt().end());
  auto const path = scratch.path() / "three.delta";
  io::save_delta(path, tiny_net<prompt::Deep<2>>());
  auto const refused = [&](io::TaskDeltas const& deltas, std::string const& words) {
    BOOST_CHECK_EXCEPTION(io::load_task_deltas(net, deltas), CheckpointError, says(words));
  };
  refused({{"light", path}}, "task \"side\" has no delta");
  refused({{"light", path}, {"side", path}, {"end", path}}, "head.weight: file (3, 8), net (2, 8)");
  refused({{"light", path}, {"side", path}, {"end", path}}, "pool: the delta was trained with");
  refused({{"light", path}, {"birds", path}}, "there is no task \"birds\"");
  BOOST_TEST((before == std::vector<float>(net.learnt().begin(), net.learnt().end())));
}

// Both stages: a source prompt of two tasks, and targets tuned alone and in groups from it.
BOOST_AUTO_TEST_CASE(targets_are_adapted_alone_or_in_groups) {
  PlantedTasks data;
  auto const parts = data.parts();
  TaskExamples<PlantedExamples> sources({parts[0], parts[1]});
  auto const source = source_prompt({1, 2, 3}, [&](std::uint64_t seed) {
    auto net = shared_net(prompt::Deep<2>{}, sources.classes());  // one backbone
    for (auto const& p : net.parameters())
      if (p.learns)
        for (Index i = 0; i < p.shape.size(); ++i)
          p.values.data[i] += 0.01F * static_cast<float>(Random{seed, 3}.normal(
                                          static_cast<std::uint64_t>(net.offset(p) + i)));
    net.touch();
    (void)tuned(net, sources, settings_of(10));
    return net;
  });
  std::vector<std::vector<std::string>> ran;
  auto const adapt = [&](std::vector<std::string> const& group, auto& examples) {
    ran.push_back(group);
    auto net = shared_net(prompt::Deep<2>{}, examples.classes());
    start_from(net, source);
    auto const from = learnt_values(net);
    BOOST_TEST((from.at("prompt.rows").values == source.at("prompt.rows").values));
    auto const curve = tuned(net, examples, settings_of(80));
    BOOST_TEST(accuracy(predict_all(std::as_const(net), examples), examples) > 0.8);
    BOOST_TEST(curve.back().train_loss < curve.front().train_loss);
  };
  adapt_groups(each_alone({"end", "light"}), parts, adapt);
  adapt_groups({{"end", "light"}, {"side"}}, parts, adapt);
  BOOST_TEST((ran == TaskGroups{{"end"}, {"light"}, {"end", "light"}, {"side"}}));
  BOOST_CHECK_EXCEPTION(adapt_groups({{"birds"}}, parts, adapt), InputError,
                        says("there is no task \"birds\"; the tasks are \"light\", \"side\""));
  BOOST_CHECK_EXCEPTION(adapt_groups({{"end"}, {"end"}}, parts, adapt), InputError,
                        says("task \"end\" is in two groups"));
}

BOOST_AUTO_TEST_CASE(runs_that_ask_for_what_is_not_there_are_refused) {
  PlantedTasks data(6);
  auto parts = data.parts();
  TaskExamples<PlantedExamples> all(parts), two({parts[0], parts[1]});
  auto many = per_task_net(prompt::Deep<2>{});
  BOOST_CHECK_EXCEPTION(tuned(many, all, settings_of(1, OffTask::zero)), InputError,
                        says("each task of this net has a softmax of its own"));
  auto plain = tiny_net<prompt::Deep<2>>();
  BOOST_CHECK_EXCEPTION(tuned(plain, data.first, settings_of(1, OffTask::zero)), InputError,
                        says("need examples that have tasks"));
  BOOST_CHECK_EXCEPTION(tuned(many, two, settings_of(1)), InputError,
                        says("the data have 5 classes"));
  parts[0].labels = Tensor<double>(Shape{6, 2});
  BOOST_CHECK_EXCEPTION((TaskExamples<PlantedExamples>(parts)), InputError,
                        says("the labels of task \"light\" have the shape"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt
