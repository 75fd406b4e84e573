#include "vlpt/train/contrastive_pretraining.hpp"

#include <boost/test/unit_test.hpp>

#include "apart.hpp"
#include "io/scratch.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/models/contrastive_pair.hpp"

using namespace vlpt;

namespace {

struct Small : arch::ClipB16 {
  static constexpr Index image = 8, patch = 4, dim = 16, depth = 1, heads = 2, hidden = 16;
  static constexpr Index projection = 6;
  struct Text {
    static constexpr Index vocabulary = 8, tokens = 5, dim = 16, depth = 1, heads = 2, hidden = 16;
  };
};
using Pair = ContrastivePair<Small>;
using PairNet = Net<Pair, test::Apart<Cpu<double>>>;  // whose values only it can read

/// Four colours in random order, with a little noise; the second word says which it is.
struct Colours {
  void draw(Random random, std::span<CaptionedImage> pairs) const {
    auto const order = random.permutation(static_cast<Index>(pairs.size()));
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      pairs[i].image.resize(8, 8, 3);
      for (std::size_t v = 0; v < pairs[i].image.pixels.size(); ++v)
        pairs[i].image.pixels[v] = static_cast<std::uint8_t>((order[i] >> (v % 3) & 1) * 200 +
                                                             random.fork(i).below(v, 50));
      pairs[i].words = {0, 1 + order[i], 7};
      if (order[i] % 2 == 1) pairs[i].words.insert(pairs[i].words.begin() + 1, 6);
    }
  }
};

ContrastiveSettings settings() {
  return {.epochs = 3,
          .steps = 40,
          .learning_rate = 0.003,
          .preprocess = {.size = 8, .channels = 3, .mean = {0.5}, .std = {0.5}}};
}
std::vector<double> values(PairNet const& net) { return fetched(net.backend(), net.learnt()); }

/// Stops a run after its first epoch, as a kill would.
struct Stop {
  static constexpr Event events = Event::epoch;
  void on_epoch(EpochSummary const&) { throw RunError("stopped"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(contrastive_pretraining)

BOOST_AUTO_TEST_CASE(pairs_find_each_other_and_a_resumed_run_ends_with_the_same_bits) {
  test::Scratch const scratch;
  PairNet whole(Pair(4), {.seed = 3});
  auto s = settings();
  auto const curve = pretrain_pairs(whole, Colours{}, s);
  BOOST_REQUIRE(curve.size() == 3);
  BOOST_TEST(curve.front().train_loss > 0.5);
  BOOST_TEST(curve.back().train_loss < 0.1 * curve.front().train_loss);
  BOOST_TEST(curve.back().train_accuracy == 1);

  s.state = scratch / "state.safetensors";
  s.recipe = {{"pairs", "4"}};
  PairNet parted(Pair(4), {.seed = 3});
  Stop stop;
  BOOST_CHECK_THROW((void)pretrain_pairs(parted, Colours{}, s, stop), RunError);
  PairNet resumed(Pair(4), {.seed = 4});
  s.resume = true;
  auto const rest = pretrain_pairs(resumed, Colours{}, s);
  BOOST_TEST(rest.size() == 3);
  BOOST_TEST((values(resumed) == values(whole)));
  s.recipe = {{"pairs", "5"}};
  BOOST_CHECK_THROW((void)pretrain_pairs(resumed, Colours{}, s), CheckpointError);
}

BOOST_AUTO_TEST_CASE(captions_stand_side_by_side_and_the_scale_keeps_its_range) {
  std::vector<CaptionedImage> const pairs{{{}, {0, 3, 7}}, {{}, {0, 1, 2, 7}}};
  auto const texts = captions_of(pairs);
  BOOST_TEST(texts.classes == 2);
  BOOST_TEST(texts.tokens == 4);
  BOOST_TEST((texts.ids == std::vector<Index>{0, 3, 7, 0, 0, 1, 2, 7}));
  auto s = settings();
  s.steps = 0;
  PairNet net(Pair(4));
  BOOST_CHECK_THROW((void)pretrain_pairs(net, Colours{}, s), InputError);
  s.steps = s.epochs = 1;
  auto const scale = net.parameters().back();
  BOOST_TEST(scale.name == "logit_scale");
  net.write(scale, std::vector{9.0});
  (void)pretrain_pairs(net, Colours{}, s);
  BOOST_TEST(std::abs(net.read(scale)[0] - std::log(100.0)) < 1e-9);
}

BOOST_AUTO_TEST_SUITE_END()
