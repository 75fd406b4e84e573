#include "vlpt/train/search/layer_search.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "io/scratch.hpp"
#include "train/tiny_run.hpp"
#include "vlpt/policies/skip/searched.hpp"

using namespace vlpt;

namespace {

struct Six : test::TinyArch {
  static constexpr Index depth = 6;
};
using Model = VisionTower<Six, prompt::None, skip::Searched<2, 4>>;
using Searching = Net<Model, Cpu<float>>;

/// A net whose layer `idle` adds nothing to its stream.
Searching net_with_idle_layer(Index idle) {
  Searching net(Model{{.classes = 3}}, {.seed = 3});
  std::string const layer = text("layers.", idle, '.');
  for (auto const& p : net.parameters()) {
    bool const gives =
        p.name == layer + "attention.out.weight" || p.name == layer + "mlp.fc2.weight";
    if (gives) std::fill_n(p.values.data, p.shape.size(), 0.0F);
    // The others matter: their branches are as large as the stream.
    if (!gives && !p.learns && p.shape.rank == 2 && p.name.starts_with("layers."))
      for (Index i = 0; i < p.shape.size(); ++i) p.values.data[i] *= 20;
  }
  net.touch();
  return net;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layer_search)

// methods.md 6.6: the layer that adds nothing is the one that a search leaves out.
BOOST_AUTO_TEST_CASE(finds_the_planted_redundant_layer) {
  test::Levels const data(96);
  Examples<float, test::Levels> train(data, test::all_of(data), test::tiny_preprocess());
  Examples<float, test::Levels> valid(data, test::all_of(data), test::tiny_preprocess());
  for (Index const idle : {1, 4}) {
    auto net = net_with_idle_layer(idle);
    auto const frozen = io::backbone_fingerprint(net);
    AdamW<float> optimizer(groups_of(net), {});
    // Tuned with all its layers the net needs each of them, but for the idle one.
    (void)fit(net, optimizer, train, {.epochs = 20, .batch = 16, .learning_rate = 1e-2});
    LayerSearch search(net, valid,
                       {.modules = 6,
                        .skip = 1,
                        .subsets = 4,
                        .turn = 2,
                        .epochs = 12,
                        .warm_up = 1,
                        .step_size = 5},
                       48);
    (void)fit(net, optimizer, train, {.epochs = 12, .batch = 16, .learning_rate = 1e-5}, search);
    BOOST_TEST(search.choice() == SkipPlan(6, {idle}));
    BOOST_TEST(net.skipped() == search.choice());
    BOOST_TEST(search.updates().size() > 10U);
    BOOST_TEST(io::backbone_fingerprint(net) == frozen);
  }
}

// An epoch is judged without the layers that the search would leave out, not without those that its
// last step happened to try.
BOOST_AUTO_TEST_CASE(an_epoch_is_judged_by_the_choice) {
  test::Levels const data(96);
  Examples<float, test::Levels> train(data, test::all_of(data), test::tiny_preprocess());
  Examples<float, test::Levels> valid(data, test::all_of(data), test::tiny_preprocess());
  auto net = net_with_idle_layer(1);
  AdamW<float> optimizer(groups_of(net), {});
  (void)fit(net, optimizer, train, {.epochs = 20, .batch = 16, .learning_rate = 1e-2});
  double chosen = 0;
  for (std::uint64_t const seed : {1U, 2U, 3U, 4U}) {
    SearchSettings const how{
        .modules = 6, .skip = 1, .turn = 4, .epochs = 1, .warm_up = 0, .seed = seed};
    LayerSearch search(net, valid, how, 48);
    FitSettings const settings{.epochs = 1, .batch = 16, .learning_rate = 1e-5};
    auto const curve = fit(net, optimizer, train, &valid, settings, search);
    BOOST_TEST(net.skipped() == search.choice());
    chosen = accuracy(predict_all(std::as_const(net), valid), valid);
    BOOST_TEST(*curve.back().valid_accuracy == chosen);
  }
  bool differs = false;  // another layer left out would have been judged otherwise
  for (Index i = 0; i < 6; ++i) {
    net.skip(SkipPlan(6, {i}));
    differs = differs || accuracy(predict_all(std::as_const(net), valid), valid) != chosen;
  }
  BOOST_TEST(differs);
}

/// Ends a run in the middle of an epoch, as a kill would.
struct Stop : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct KillAt {
  static constexpr Event events = Event::step;
  Index step;
  void on_step(StepSummary const& s) const {
    if (s.step == step) throw Stop("killed");
  }
};

BOOST_AUTO_TEST_CASE(a_search_that_is_killed_and_resumed_ends_with_the_same_bits) {
  test::Levels const data(48);
  Examples<float, test::Levels> train(data, test::all_of(data), test::tiny_preprocess());
  Examples<float, test::Levels> valid(data, {0, 1, 2, 3, 4, 5}, test::tiny_preprocess());
  SearchSettings const how{
      .modules = 6, .skip = 2, .subsets = 3, .turn = 2, .epochs = 3, .warm_up = 1, .step_size = 5};
  auto const made = [] { return Searching(Model{{.classes = 3}}, {.seed = 3}); };
  FitSettings settings{.epochs = 4, .batch = 16, .learning_rate = 1e-2};  // the last: the choice
  auto whole = made();
  AdamW<float> optimizer(groups_of(whole), {});
  LayerSearch search(whole, valid, how, 4);
  (void)fit(whole, optimizer, train, settings, search);
  BOOST_TEST(search.updates().size() > 2U);

  for (Index const kill : {4, 5, 7, 10}) {  // in the middle, at an end, and after the search
    test::Scratch const scratch;
    settings.folder = scratch.path(), settings.resume = false;
    auto first = made();
    AdamW<float> broken(groups_of(first), {});
    LayerSearch lost(first, valid, how, 4);
    KillAt killer{kill};
    BOOST_CHECK_THROW(fit(first, broken, train, settings, lost, killer), Stop);
    settings.resume = true;
    auto second = made();
    AdamW<float> fresh(groups_of(second), {});
    LayerSearch again(second, valid, how, 4);
    (void)fit(second, fresh, train, settings, again);
    BOOST_TEST((again.search().state() == search.search().state()));
    BOOST_TEST(second.skipped() == whole.skipped());
    auto const a = std::as_const(whole).learnt(), b = std::as_const(second).learnt();
    BOOST_TEST(std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
    // Another search does not go on from there, nor does a run without one.
    auto other = how;
    other.step_size = 1;
    LayerSearch stranger(second, valid, other, 4);
    BOOST_CHECK_THROW(fit(second, fresh, train, settings, stranger), CheckpointError);
    BOOST_CHECK_THROW(fit(second, fresh, train, settings), CheckpointError);
  }
}

BOOST_AUTO_TEST_CASE(a_search_fits_its_model) {
  test::Levels const data(12);
  Examples<float, test::Levels> valid(data, test::all_of(data), test::tiny_preprocess());
  Searching net;
  auto const made = [&] { LayerSearch const search(net, valid, {.modules = 5, .skip = 1}, 4); };
  BOOST_CHECK_THROW(made(), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
