#include "vlpt/train/loop.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "../io/scratch.hpp"
#include "tiny_run.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/train/sgd.hpp"

namespace vlpt {
namespace {

using test::all_of;
using test::Levels;
using test::tiny_net;
using test::tiny_preprocess;

struct Stop : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Ends a run in the middle of an epoch, as a kill would.
struct KillAt {
  static constexpr Event events = Event::step;
  Index step;
  void on_step(StepSummary const& s) const {
    if (s.step == step) throw Stop("killed");
  }
};

template <class N>
bool same_bits(N const& a, N const& b) {
  auto const x = a.learnt(), y = b.learnt();
  return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size_bytes()) == 0;
}

FitSettings settings_of(std::filesystem::path folder = {}) {
  FitSettings s{.epochs = 4, .batch = 4, .learning_rate = 1e-2};
  s.schedule = {.kind = Schedule::Kind::cosine, .total_steps = 4 * steps_of_epoch(18, s)};
  s.folder = std::move(folder);
  s.recipe = {{"pool", "mean_all"}};
  return s;
}

BOOST_AUTO_TEST_SUITE(loop)

BOOST_AUTO_TEST_CASE(a_run_that_is_killed_and_resumed_ends_with_the_same_bits) {
  Levels const data(18);
  // Dropout, augmentation and the order of the data are all random; all must resume.
  Examples<float, Levels> train(data, all_of(data), tiny_preprocess(),
                                io::Augment{.flip = 0.5, .scale = {0.5, 1}});
  Examples<float, Levels> valid(data, {0, 1, 2, 3, 4, 5}, tiny_preprocess());
  auto whole = tiny_net(0.2);
  AdamW<float> optimizer(groups_of(whole));
  auto const curve = fit(whole, optimizer, train, &valid, settings_of());

  for (Index const kill :
       {2, 5, 7, 19}) {  // in the first epoch, at an end, in the middle, at the last
    test::Scratch const scratch;
    auto settings = settings_of(scratch.path());
    auto first = tiny_net(0.2);
    AdamW<float> broken(groups_of(first));
    KillAt killer{kill};
    BOOST_CHECK_THROW(fit(first, broken, train, &valid, settings, killer), Stop);
    settings.resume = std::filesystem::exists(scratch.path() / "last.run");
    if (!settings.resume) continue;  // killed before anything was saved: the user starts anew
    auto second = tiny_net(0.2);     // the same seed, which dropout draws from
    for (float& v : second.learnt()) v = 7;  // whatever it starts from is overwritten
    AdamW<float> fresh(groups_of(second));
    auto const rest = fit(second, fresh, train, &valid, settings);
    BOOST_TEST(same_bits(whole, second));
    BOOST_TEST(rest.size() == curve.size());
    for (std::size_t i = 0; i < curve.size(); ++i)
      BOOST_TEST(rest[i].train_loss == curve[i].train_loss);
  }
}

BOOST_AUTO_TEST_CASE(a_run_of_another_recipe_is_not_resumed) {
  test::Scratch const scratch;
  Levels const data(18);
  Examples<float, Levels> train(data, all_of(data), tiny_preprocess());
  auto net = tiny_net();
  AdamW<float> optimizer(groups_of(net));
  auto settings = settings_of(scratch.path());
  (void)fit(net, optimizer, train, settings);
  settings.resume = true;
  auto const refused = [&](FitSettings const& other, std::string const& why) {
    BOOST_CHECK_EXCEPTION(fit(net, optimizer, train, other), CheckpointError, [&](auto const& e) {
      return std::string(e.what()).find("other settings (" + why + "); resume") !=
             std::string::npos;
    });
  };
  auto other = settings;
  other.recipe = {{"crop", "0.7"}};
  refused(other, "crop: saved not given, now 0.7; pool: saved mean_all, now not given");
  other = settings;
  other.batch = 3;
  refused(other, "batch: saved 4, now 3");
  other.learning_rate = 0.5;
  refused(other, "batch: saved 4, now 3; lr: saved 0.01, now 0.5");
  auto seeded = tiny_net(0, 2);  // another backbone, and other dropout
  AdamW<float> fresh(groups_of(seeded));
  BOOST_CHECK_THROW(fit(seeded, fresh, train, settings), CheckpointError);
}

BOOST_AUTO_TEST_CASE(a_run_file_that_lies_is_refused_and_nothing_is_touched) {
  test::Scratch const scratch;
  Levels const data(18);
  Examples<float, Levels> train(data, all_of(data), tiny_preprocess());
  auto net = tiny_net();
  AdamW<float> optimizer(groups_of(net));
  (void)fit(net, optimizer, train, settings_of(scratch.path()));
  auto const good = io::Safetensors::open(scratch.path() / "last.run");
  auto const with = [&](std::string const& name, auto&& change) {
    std::vector<io::TensorBytes> all;
    for (auto const& r : good.records()) {
      auto const bytes = r.bytes;
      all.push_back({r.name, r.dtype, r.shape, {bytes.begin(), bytes.end()}});
      if (r.name == name) change(all.back().bytes);
    }
    auto const path = scratch.path() / "bad.run";
    io::save_safetensors(path, std::move(all), good.metadata());
    return path;
  };
  auto const put = [](std::size_t at, auto value) {
    return [=](std::vector<std::byte>& bytes) {
      std::memcpy(bytes.data() + at, &value, sizeof value);
    };
  };
  std::vector<float> const before(std::as_const(net).learnt().begin(),
                                  std::as_const(net).learnt().end());
  double const nan = std::numeric_limits<double>::quiet_NaN();
  for (auto const& path :
       {with("place", put(0, std::int64_t{3})), with("place", put(0, std::int64_t{-1})),
        with("place", put(0, std::numeric_limits<std::int64_t>::max())),
        with("place", put(16, std::int64_t{-1})), with("history", put(8, nan)),
        with("learnt", put(4, std::numeric_limits<float>::infinity())),
        with("optimizer.second_moment", put(0, static_cast<float>(nan)))}) {
    BOOST_CHECK_THROW((void)load_run(path, net, optimizer, run_recipe(net, train, settings_of())),
                      CheckpointError);
    BOOST_TEST(std::memcmp(before.data(), std::as_const(net).learnt().data(), before.size() * 4) ==
               0);
  }
}

BOOST_AUTO_TEST_CASE(it_learns_and_leaves_the_backbone_alone) {
  Levels const data(60);
  Examples<float, Levels> train(data, all_of(data), tiny_preprocess());
  auto net = tiny_net();
  std::vector<float> const before(net.frozen().begin(), net.frozen().end());
  AdamW<float> optimizer(groups_of(net));
  FitSettings const settings{.epochs = 30, .batch = 10, .learning_rate = 3e-2};
  auto const curve = fit(net, optimizer, train, settings);
  BOOST_TEST(curve.back().train_loss < 0.5 * curve.front().train_loss);
  BOOST_TEST(accuracy(predict_all(std::as_const(net), train), train) > 0.9);
  BOOST_TEST(std::memcmp(before.data(), net.frozen().data(), net.frozen().size_bytes()) == 0);
}

BOOST_AUTO_TEST_CASE(accumulated_batches_make_the_step_of_one_large_batch) {
  Levels const data(16);
  Examples<float, Levels> train(data, all_of(data), tiny_preprocess());
  auto const trained = [&](Index batch, Index accumulate) {
    auto net = tiny_net();
    SGD<float> optimizer(groups_of(net));
    FitSettings s{.epochs = 2, .batch = batch, .accumulate = accumulate, .learning_rate = 0.05};
    (void)fit(net, optimizer, train, s);
    return std::vector<float>(std::as_const(net).learnt().begin(),
                              std::as_const(net).learnt().end());
  };
  auto const large = trained(16, 1), small = trained(4, 4);
  double worst = 0;
  for (std::size_t i = 0; i < large.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(large[i] - small[i])));
  BOOST_TEST(worst < 1e-5);
  auto const uneven = trained(6, 3);  // 6 + 6 + 4 images in one step
  worst = 0;
  for (std::size_t i = 0; i < large.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(large[i] - uneven[i])));
  BOOST_TEST(worst < 1e-5);
}

BOOST_AUTO_TEST_CASE(kept_features_train_the_probe_that_whole_passes_train) {
  Levels const data(12);
  auto const trained = [&](bool augmented) {
    Examples<float, Levels> train(data, all_of(data), tiny_preprocess(),
                                  augmented ? std::optional(io::Augment{.flip = 0}) : std::nullopt);
    auto net = tiny_net<prompt::None>();
    SGD<float> optimizer(groups_of(net));
    (void)fit(net, optimizer, train, FitSettings{.epochs = 3, .batch = 5, .learning_rate = 0.1});
    return std::vector<float>(std::as_const(net).learnt().begin(),
                              std::as_const(net).learnt().end());
  };
  auto const kept = trained(false), whole = trained(true);  // an augmentation that changes nothing
  for (std::size_t i = 0; i < kept.size(); ++i) BOOST_TEST(std::abs(kept[i] - whole[i]) < 1e-5F);
}

BOOST_AUTO_TEST_CASE(the_best_epoch_is_what_remains) {
  Levels const data(30);
  Examples<float, Levels> train(data, all_of(data), tiny_preprocess());
  Examples<float, Levels> valid(data, {0, 1, 2, 3, 4, 5, 6, 7, 8}, tiny_preprocess());
  auto net = tiny_net();
  AdamW<float> optimizer(groups_of(net));
  FitSettings s{.epochs = 12, .batch = 10, .learning_rate = 0.2};  // too fast on purpose
  s.early_stopping = EarlyStopping{.patience = 3};
  auto const curve = fit(net, optimizer, train, &valid, s);
  double best = 0;
  for (auto const& e : curve) best = std::max(best, *e.valid_accuracy);
  BOOST_TEST(accuracy(predict_all(std::as_const(net), valid), valid) == best);
}

/// An optimizer that takes the learnt values away after so many good steps.
struct WildAfter : AdamW<float> {
  using AdamW<float>::AdamW;
  Index good = 0;
  void step(std::span<float> values, std::span<float const> gradients, double rate) {
    AdamW<float>::step(values, gradients, rate);
    if (--good < 0) values[0] = std::numeric_limits<float>::infinity();
  }
};

BOOST_AUTO_TEST_CASE(a_run_that_diverges_names_its_step_and_leaves_what_was_saved) {
  Levels const data(18);  // five steps an epoch
  Examples<float, Levels> train(data, all_of(data), tiny_preprocess());
  struct Case {
    Index good;
    std::string step;
  };
  // In the middle of an epoch, the next step's loss tells it; at an end, before the run is saved.
  for (Case const& wild : {Case{6, "step 8 (epoch 2)"}, Case{9, "step 10 (epoch 2)"}}) {
    test::Scratch const scratch;
    auto settings = settings_of(scratch.path());
    auto net = tiny_net();
    WildAfter optimizer(groups_of(net));
    optimizer.good = wild.good;
    BOOST_CHECK_EXCEPTION(fit(net, optimizer, train, settings), RunError, [&](auto const& e) {
      std::string const said = e.what();
      BOOST_TEST(e.exit_code() == 1);
      BOOST_TEST(said.find("diverged in " + wild.step) != std::string::npos, said);
      BOOST_TEST(said.find("smaller learning rate") != std::string::npos, said);
      return said.find("nan") == std::string::npos;
    });
    settings.resume = true;  // from the first epoch, which went well
    auto again = tiny_net();
    AdamW<float> tame(groups_of(again));
    auto whole = tiny_net();
    AdamW<float> never_wild(groups_of(whole));
    BOOST_TEST(fit(again, tame, train, settings).size() == 4U);
    (void)fit(whole, never_wild, train, settings_of());
    BOOST_TEST(same_bits(again, whole));
  }
}

BOOST_AUTO_TEST_CASE(wrong_settings_are_refused) {
  Levels const data(9);
  Examples<float, Levels> train(data, all_of(data), tiny_preprocess());
  auto net = tiny_net();
  AdamW<float> optimizer(groups_of(net));
  BOOST_CHECK_THROW(fit(net, optimizer, train, FitSettings{.epochs = 0}), InputError);
  BOOST_CHECK_THROW(fit(net, optimizer, train, FitSettings{.batch = 0}), InputError);
  BOOST_CHECK_THROW(fit(net, optimizer, train, FitSettings{.class_weights = {1, 1}}), InputError);
  FitSettings alone;
  alone.early_stopping = EarlyStopping{};
  BOOST_CHECK_THROW(fit(net, optimizer, train, alone), InputError);
  BOOST_CHECK_THROW((Examples<float, Levels>(data, {}, tiny_preprocess())), InputError);
}

// They would write past the rows of a batch.
BOOST_AUTO_TEST_CASE(examples_of_another_size_than_the_net_reads_are_refused) {
  Levels const data(6);
  io::Preprocess larger = tiny_preprocess();
  larger.size = 16;
  Examples<float, Levels> train(data, all_of(data), larger);
  auto net = tiny_net();
  AdamW<float> optimizer(groups_of(net));
  BOOST_CHECK_EXCEPTION((void)fit(net, optimizer, train, settings_of()), InputError,
                        test::says("makes pictures of 256 values, the net reads 64"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt
