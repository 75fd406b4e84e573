// Questions about pictures go through the same loop and search as pictures alone.
#include "vlpt/train/text_examples.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "io/scratch.hpp"
#include "models/tiny_stream.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/policies/skip/searched.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"
#include "vlpt/train/loop.hpp"
#include "vlpt/train/search/layer_search.hpp"

using namespace vlpt;

namespace {

/// Numbers of words, one a letter after the special one.
struct Letters {
  struct Encoded {
    std::vector<Index> ids;
    Index cut;
  };
  [[nodiscard]] Encoded encode(std::string_view text, Index most) const {
    std::vector<Index> ids{0};
    for (char const c : text) ids.push_back(1 + (c - 'a'));
    auto const all = static_cast<Index>(ids.size());
    if (all > most) ids.resize(static_cast<std::size_t>(most));
    return {ids, std::max<Index>(0, all - most)};
  }
};

/// "a": is the picture dark or light? "bb": the other way round. Pictures have three shapes.
class Shades {
 public:
  explicit Shades(Index count, bool soft = false) {
    for (Index i = 0; i < count; ++i) {
      Index const answer = (i % 2 + i / 2) % 2;
      scores_.push_back({{answer, soft ? 0.6 : 1.0}});
      if (soft) scores_.back().push_back({1 - answer, 0.3});
    }
  }
  [[nodiscard]] Index size() const { return static_cast<Index>(scores_.size()); }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return names_; }
  [[nodiscard]] std::string const& question(Index i) const {
    return asked_[i / 2 % 2 == 0 ? 0 : 1];
  }
  [[nodiscard]] std::span<io::AnswerScore const> scores(Index i) const {
    return scores_[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] Index label(Index i) const { return scores(i).front().answer; }
  [[nodiscard]] Index pictures() const { return size(); }
  [[nodiscard]] Index picture_of(Index i) const { return i; }
  void image(Index i, io::Image& out) const {
    out.resize(i % 3 == 1 ? 12 : 8, 8, 3);
    Random const random{.seed = 5, .stream = static_cast<std::uint64_t>(i)};
    for (std::size_t p = 0; p < out.pixels.size(); ++p)
      out.pixels[p] = static_cast<std::uint8_t>(150 * (i % 2) + random.below(p, 90));
  }

 private:
  std::vector<std::vector<io::AnswerScore>> scores_;
  std::vector<std::string> names_{"no", "yes"}, asked_{"a", "bb"};
};
static_assert(io::QuestionSet<Shades>);

struct Colours : test::TinyStream {
  static constexpr Index channels = 3;
};
using Model = SingleStream<Colours, prompt::None, skip::Searched<2, 4>>;
using Searching = Net<Model, Cpu<double>>;
using Set = TextExamples<double, Shades>;

Set set_of(Shades const& data, Index words = 4) {
  std::vector<Index> all(static_cast<std::size_t>(data.size()));
  std::iota(all.begin(), all.end(), Index{0});
  io::Preprocess how{.size = 8};
  how.fit.scale = io::PictureFit::Scale::multiple, how.fit.multiple = 4;
  return {data, all, Letters{}, words, how};
}
Searching net_of(double dropout = 0.1) {
  Model::Settings s{.classes = 2, .dropout = dropout};
  s.replaces_first = false;
  Searching net(Model(s), {.seed = 3}, Cpu<double>(1));
  for (auto const& p : net.parameters())  // so narrow a model sees little through N(0, 0.02)
    if (!p.learns && p.shape.rank == 2)
      for (Index i = 0; i < p.shape.size(); ++i) p.values.data[i] *= 15;
  net.touch();
  return net;
}

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

}  // namespace

BOOST_AUTO_TEST_SUITE(text_examples)

BOOST_AUTO_TEST_CASE(a_batch_is_padded_to_its_longest_text_and_largest_picture) {
  Shades const data(6);
  Set examples = set_of(data);
  auto const net = net_of();
  InputBatch<Searching, Set> batch;
  std::vector<Index> const which{0, 1, 2};  // 8 x 8 with "a", 12 x 8 with "a", 8 x 8 with "bb"
  auto const in = batch.make(net, examples, which);
  BOOST_TEST(in.pairs() == 3);
  BOOST_TEST(in.words == 3);
  BOOST_TEST(in.images.dim == 12);
  BOOST_TEST(in.images.tokens == 3 * 8);
  std::vector<Index> const ids(in.ids, in.ids + 9), wanted{0, 1, 0, 0, 1, 0, 0, 2, 2};
  BOOST_TEST(ids == wanted, boost::test_tools::per_element());
  std::vector<int> const mask(in.text_mask, in.text_mask + 9), shown{1, 1, 0, 1, 1, 0, 1, 1, 1};
  BOOST_TEST(mask == shown, boost::test_tools::per_element());
  BOOST_TEST(in.images.sample(0)(0, 7) != 0);
  BOOST_TEST(in.images.sample(0)(0, 8) == 0);
  BOOST_TEST(in.images.sample(1)(0, 11) != 0);
  BOOST_TEST(set_of(data, 2).cut() == 2);  // texts of three ids, of which two are kept
}

// They would write past their rows, or leave some of them as they were.
BOOST_AUTO_TEST_CASE(examples_of_other_channels_than_the_net_reads_are_refused) {
  Shades const data(3);
  auto const net = net_of();
  InputBatch<Searching, Set> batch;
  std::vector<Index> const which{0, 1};
  for (Index const channels : {1, 4}) {
    io::Preprocess how = set_of(data).preprocess();
    how.channels = channels;
    Set examples(data, {0, 1, 2}, Letters{}, 4, how);
    BOOST_CHECK_EXCEPTION(
        (void)batch.make(net, examples, which), InputError,
        test::says(text("makes pictures of ", channels, " channels, the net reads 3")));
  }
}

BOOST_AUTO_TEST_CASE(a_net_learns_to_answer) {
  Shades const data(48), soft(48, true);
  Set train = set_of(data), with_scores = set_of(soft);
  BOOST_TEST(!train.soft());
  BOOST_TEST(with_scores.soft());
  auto net = net_of(0);
  AdamW<double> optimizer(groups_of(net));
  auto const curve = fit(net, optimizer, train, {.epochs = 40, .batch = 8, .learning_rate = 2e-2});
  BOOST_TEST(accuracy(predict_all(std::as_const(net), train), train) > 0.9);
  // A yes or no of each answer, as VQA's heads: at best the entropy of the scores.
  auto other = net_of(0);
  AdamW<double> fresh(groups_of(other));
  FitSettings const binary{
      .epochs = 40, .batch = 8, .learning_rate = 2e-2, .loss = Loss::binary_cross_entropy};
  auto const losses = fit(other, fresh, with_scores, binary);
  BOOST_TEST(accuracy(predict_all(std::as_const(other), with_scores), with_scores) > 0.9);
  BOOST_TEST(losses.back().train_loss > 1.28);  // H(0.6) + H(0.3)
  BOOST_TEST(losses.back().train_loss < losses.front().train_loss);
}

BOOST_AUTO_TEST_CASE(a_search_that_is_killed_and_resumed_ends_with_the_same_bits) {
  Shades const data(24);
  Set train = set_of(data), valid = set_of(data);
  SearchSettings const how{
      .modules = 3, .skip = 1, .subsets = 2, .turn = 1, .epochs = 2, .warm_up = 1, .step_size = 5};
  FitSettings settings{.epochs = 3, .batch = 8, .learning_rate = 1e-2};
  auto whole = net_of();
  AdamW<double> optimizer(groups_of(whole));
  LayerSearch search(whole, valid, how, 8);
  (void)fit(whole, optimizer, train, settings, search);
  BOOST_TEST(search.updates().size() > 2U);

  test::Scratch const scratch;
  settings.folder = scratch.path();
  auto first = net_of();
  AdamW<double> broken(groups_of(first));
  LayerSearch lost(first, valid, how, 8);
  KillAt killer{4};
  BOOST_CHECK_THROW(fit(first, broken, train, settings, lost, killer), Stop);
  settings.resume = true;
  auto second = net_of();
  AdamW<double> fresh(groups_of(second));
  LayerSearch again(second, valid, how, 8);
  (void)fit(second, fresh, train, settings, again);
  BOOST_TEST((again.search().state() == search.search().state()));
  auto const a = std::as_const(whole).learnt(), b = std::as_const(second).learnt();
  BOOST_TEST(std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
  settings.loss = Loss::binary_cross_entropy;  // another run
  BOOST_CHECK_THROW(fit(second, fresh, train, settings, again), CheckpointError);
}

BOOST_AUTO_TEST_SUITE_END()
