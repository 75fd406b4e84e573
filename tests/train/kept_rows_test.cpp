#include "vlpt/train/kept_rows.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "tiny_run.hpp"
#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/kernels/counting.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/ladder.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/prompt/temperature.hpp"

namespace vlpt {
namespace {

using test::all_of;
using test::Levels;
using test::tiny_preprocess;
using Machine = Counting<Reference<double>>;
using Set = Examples<double, Levels>;

struct FourLayers : test::TinyArch {
  static constexpr Index depth = 4;
};
/// A temperature in each layer from a certain one on, which is all that it says of it.
struct Late {
  static constexpr std::string_view name = "late";
  static constexpr Site sites = Site::qkv;
  Index from = 2;

  [[nodiscard]] constexpr prompt::Temperature qkv(LayerFacts const& f) const {
    return {.here = f.layer >= from};
  }
};
struct TinyPair : test::TinyArch {
  static constexpr Index projection = 6;
  static constexpr bool pre_norm = true;
  static constexpr Pool pool = Pool::class_row;
  struct Text {
    static constexpr Index vocabulary = 9, tokens = 9, dim = 6, depth = 1, heads = 2, hidden = 8;
  };
};
using Pair = DualEncoder<TinyPair, prompt::Context<2>>;
template <class Prompt, class Learn = learn::Policy>
using Tower = VisionTower<FourLayers, Prompt, skip::Dense, Learn>;

/// Of a model with three classes and dropout of its layers.
template <class Model>
[[nodiscard]] typename Model::Settings settings_of(double dropout = 0) {
  typename Model::Settings s;
  s.dropout = dropout;
  if constexpr (std::is_same_v<Model, Pair>)
    s.texts = {3, 6, {1, 3, 2, 8, 0, 0, 1, 4, 5, 6, 2, 8, 1, 7, 3, 2, 8, 0}, {1, 3, 2}};
  else
    s.classes = 3;
  return s;
}

/// Notes the work of each step.
struct EachStep {
  static constexpr Event events = Event::before_step | Event::step;
  Work& work;
  std::vector<Work>& steps;
  void before_step(StepPlace const&) const { work = {}; }
  void on_step(StepSummary const&) const { steps.push_back(work); }
};
/// Three epochs of a tiny run, and the work of each step.
template <class Model>
struct Run {
  Work work;
  Net<Model, Machine> net;
  std::vector<Work> steps;
  std::vector<EpochSummary> curve;

  Run(std::optional<Index> cache_bytes, double dropout = 0)
      : net(Model{settings_of<Model>(dropout)}, {.seed = 3}, Machine(work)) {
    Levels const data(10);
    Set train(data, all_of(data), tiny_preprocess());
    AdamW<double> optimizer(groups_of(net));
    FitSettings const s{.epochs = 3, .batch = 4, .learning_rate = 1e-2, .cache_bytes = cache_bytes};
    EachStep watch{work, steps};
    curve = fit(net, optimizer, train, s, watch);
  }
};

/// Whether two runs are the same to the last bit.
template <class Model>
void check_same(Run<Model> const& a, Run<Model> const& b) {
  auto const x = std::as_const(a.net).learnt(), y = std::as_const(b.net).learnt();
  BOOST_REQUIRE(x.size() == y.size());
  BOOST_TEST(std::memcmp(x.data(), y.data(), x.size_bytes()) == 0);
  for (std::size_t e = 0; e < 3; ++e) {
    BOOST_TEST(a.curve[e].train_loss == b.curve[e].train_loss);
    BOOST_TEST(a.curve[e].gradient_norm == b.curve[e].gradient_norm);
  }
}
/// What precedes the first learner, of so many examples.
template <class Model>
[[nodiscard]] Work frozen_work(Index examples) {
  Work work;
  Net<Model, Machine> net(Model{settings_of<Model>()}, {}, Machine(work));
  Tensor<double> const images(Shape{examples, 1, 8, 8});
  Tensor<double> rows(Shape{examples, net.frozen_width()});
  work = {};
  net.forward_frozen(net.stream_of(images), {}, rows.view());
  return work;
}
/// A cache of all ten examples, of four, and none, where a row of `width` values is kept.
template <class Model>
void check_kept(Index width) {
  Index const each = width * 8;
  Run<Model> const none(0), all(10 * each), some(4 * each + each / 2);
  BOOST_TEST(all.net.frozen_width() == width);
  check_same(none, all), check_same(none, some);
  for (std::size_t i = 0; i < 9; ++i) {  // steps of 4, 4 and 2 examples
    Index const n = i % 3 == 2 ? 2 : 4;
    BOOST_TEST((none.steps[i] == none.steps[i % 3]));
    Work now = all.steps[i];
    now += frozen_work<Model>(n);
    BOOST_TEST(now.macs() == none.steps[i].macs());
    BOOST_TEST(now.norm_elements == none.steps[i].norm_elements);
    BOOST_TEST(now.activation_elements == none.steps[i].activation_elements);
    BOOST_TEST(now.softmax_elements == none.steps[i].softmax_elements);
  }
  Work later, dense;  // six examples that a memory does not hold run in every epoch
  for (std::size_t i = 3; i < 6; ++i) later += some.steps[i], dense += none.steps[i];
  later += frozen_work<Model>(4);
  BOOST_TEST(later.macs() == dense.macs());
  BOOST_TEST(frozen_work<Model>(4).macs() > 0);
}

BOOST_AUTO_TEST_SUITE(kept_rows)

BOOST_AUTO_TEST_CASE(embedded_images_under_prompts_in_every_layer) {
  check_kept<Tower<prompt::Deep<2>>>(5 * 8);
}
BOOST_AUTO_TEST_CASE(layers_before_the_first_learner) {
  check_kept<Tower<Late>>(5 * 8);
  // Two layers, not the embedding alone.
  BOOST_TEST(frozen_work<Tower<Late>>(1).macs() > frozen_work<Tower<prompt::Deep<2>>>(1).macs());
}
BOOST_AUTO_TEST_CASE(all_that_a_ladder_reads) { check_kept<Tower<prompt::Ladder<2>>>(5 * 5 * 8); }
BOOST_AUTO_TEST_CASE(pooled_rows_where_a_norm_learns) {
  check_kept<Tower<prompt::None, learn::Paths<"norm">>>(8);
}
BOOST_AUTO_TEST_CASE(features_of_a_trunk) {
  check_kept<Tower<prompt::None>>(8);
  check_kept<Pair>(6);
  Run<Tower<prompt::None>> const unasked({}), all(10 * 8 * 8);  // kept without being asked for
  BOOST_TEST(unasked.steps[4].macs() == all.steps[4].macs());
}

BOOST_AUTO_TEST_CASE(dropout_in_frozen_layers_leaves_the_embedding) {
  using Model = Tower<Late>;
  Run<Model> const none(0, 0.2), all(10 * 40 * 8, 0.2);
  check_same(none, all);
  Index const embedding = 4 * 4 * 16 * 8;  // images, patches, pixels, width
  BOOST_TEST(none.steps[4].macs() - all.steps[4].macs() == embedding);
}

BOOST_AUTO_TEST_CASE(no_reverse_enters_a_layer_before_the_first_learner) {
  constexpr auto cost = [](Index from) {
    auto s = settings_of<Tower<Late>>();
    s.prompt.from = from;
    return cost_of(Tower<Late>(s));
  };
  BOOST_TEST(cost(0).macs == cost(3).macs);
  Index const layer = cost(0).backward_macs - cost(1).backward_macs;
  BOOST_TEST(layer > 0);
  BOOST_TEST(cost(1).backward_macs - cost(2).backward_macs == layer);
  BOOST_TEST(cost(1).saved_bytes > cost(2).saved_bytes);

  Work work;
  Net<Tower<Late>, Machine> net(Tower<Late>{settings_of<Tower<Late>>()}, {.seed = 2},
                                Machine(work));
  for (auto const& p : net.parameters())
    if (p.init.bounded()) p.values.data[0] = 1.3;  // inside its range
  net.touch();
  Tensor<double> images(Shape{2, 1, 8, 8});
  for (Index i = 0; i < images.size(); ++i)
    images[i] = Random{.seed = 4}.normal(static_cast<std::uint64_t>(i));
  GradReport const report = gradcheck(net, images);
  BOOST_TEST(report.ok(1e-7), report);
}

BOOST_AUTO_TEST_CASE(what_it_takes_is_known_before) {
  Work work;
  using Model = Tower<prompt::Deep<2>>;
  Net<Model, Machine> const net(Model{settings_of<Model>()}, {}, Machine(work));
  CacheNeeds const needs = cache_needs(net, 1000, 100'000);
  BOOST_TEST(needs.each == 320);
  BOOST_TEST(needs.samples == 312);
  BOOST_TEST(needs.bytes == 312 * 320);
  BOOST_TEST(cache_needs(net, 100, 100'000).bytes == 100 * 320);
}

/// What is said of a run that asks for a cache in vain.
template <class Model>
[[nodiscard]] std::string refusal(Index bytes, std::optional<io::Augment> augment = {}) {
  Work work;
  Net<Model, Machine> net(Model{settings_of<Model>()}, {}, Machine(work));
  Levels const data(4);
  Set train(data, all_of(data), tiny_preprocess(), augment);
  AdamW<double> optimizer(groups_of(net));
  try {
    (void)fit(net, optimizer, train, FitSettings{.epochs = 1, .cache_bytes = bytes});
  } catch (InputError const& e) {
    return e.what();
  }
  return "";
}

BOOST_AUTO_TEST_CASE(a_cache_without_effect_is_refused) {
  using Deep = Tower<prompt::Deep<2>>;
  auto const says = [](std::string const& all, char const* part) {
    BOOST_TEST(all.find(part) != std::string::npos, all);
  };
  says(refusal<Deep>(1 << 20, io::Augment{}), "augment");
  says(refusal<Deep>(319), "320");
  says(refusal<Tower<prompt::Deep<2>, learn::All>>(1 << 20), "precedes");
  BOOST_TEST(refusal<Deep>(0, io::Augment{}) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt
