// Nets on a backend whose memory the host can not read: the same numbers, bit for bit, as on one
// whose memory it can.
#include "apart.hpp"

#include <boost/test/unit_test.hpp>

#include "io/scratch.hpp"
#include "models/tiny_stream.hpp"
#include "models/tiny_text.hpp"
#include "train/tiny_run.hpp"
#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/models/masked_autoencoder.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/skip/searched.hpp"
#include "vlpt/train/masked_autoencoding.hpp"
#include "vlpt/train/search/layer_search.hpp"
#include "vlpt/train/sgd.hpp"

using namespace vlpt;

namespace {

using Host = Cpu<float>;
using Away = test::Apart<Host>;
using test::all_of;
using test::Levels;
using test::tiny_preprocess;

struct Four : test::TinyArch {
  static constexpr Index depth = 4;
};

template <class N>
auto learnt_of(N const& net) {
  return fetched(net.backend(), net.learnt());
}
template <class Model>
typename Model::Settings settings_of(double dropout) {
  typename Model::Settings s{.classes = 3, .dropout = dropout};
  if constexpr (requires { s.prompt.dropout; }) s.prompt.dropout = dropout;
  return s;
}

/// Ends a run after its first epoch.
struct Kill {
  static constexpr Event events = Event::epoch;
  void on_epoch(EpochSummary const&) { throw RunError("killed"); }
};

/// What a run of fit leaves: the learnt values, the losses of its epochs, what it predicts.
struct Left {
  std::vector<float> learnt;
  std::vector<double> losses, accuracies;
  Tensor<float> predicted;
};
template <class Model, class B, class Opt, class... W>
Left fitted(FitSettings const& s, double dropout, Opt const& make, W&... watching) {
  Levels const data(18);
  Examples<float, Levels> train(data, all_of(data), tiny_preprocess());
  Examples<float, Levels> valid(data, {0, 1, 2, 3, 4, 5}, tiny_preprocess());
  Net<Model, B> net(Model(settings_of<Model>(dropout)), {.seed = 3}, B(Host(2)));
  auto optimizer = make(net);
  Left left;
  for (auto const& e : fit(net, optimizer, train, &valid, s, watching...))
    left.losses.push_back(e.train_loss), left.accuracies.push_back(*e.valid_accuracy);
  left.learnt = learnt_of(net), left.predicted = predict_all(std::as_const(net), valid);
  return left;
}
void check_same(Left const& a, Left const& b) {
  BOOST_TEST((a.learnt == b.learnt));
  BOOST_TEST((a.losses == b.losses));
  BOOST_TEST((a.accuracies == b.accuracies));
  BOOST_TEST((a.predicted.values == b.predicted.values));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(apart)

BOOST_AUTO_TEST_CASE(a_primitive_refuses_what_is_not_its_own) {
  Away const away;
  std::vector<float> here(4);
  Room<float, Away> room;
  (void)room.bring(away, std::span<float const>(here));
  float* const there = room.data();
  BOOST_CHECK_THROW(away.fill({here.data(), 1, 1, 4}, 1.0F), RunError);
  std::vector<Index> const first{0};
  Stream<float const> const x(there, 1, 1, 4);
  away.gather(x, first.data(), {there, 1, 1, 4});
  auto const* const far = reinterpret_cast<Index const*>(there);
  BOOST_CHECK_THROW(away.gather(x, far, {there, 1, 1, 4}), RunError);
}

BOOST_AUTO_TEST_CASE(a_run_is_that_of_the_host) {
  using Model = test::TinyModel<prompt::Deep<2>>;
  auto const adamw = [](auto const& net) { return adamw_of(net, groups_of(net)); };
  FitSettings s{.epochs = 3, .batch = 4, .accumulate = 2, .learning_rate = 1e-2, .clip = 0.5};
  s.class_weights = {1, 2, 0.5};
  auto const whole = fitted<Model, Host>(s, 0.2, adamw);
  check_same(fitted<Model, Away>(s, 0.2, adamw), whole);
  // Killed on one after an epoch, and gone on with on the other: moments are brought as well.
  test::Scratch const scratch;
  s.folder = scratch.path();
  Kill kill;
  BOOST_CHECK_THROW((fitted<Model, Host>(s, 0.2, adamw, kill)), RunError);
  s.resume = true;
  check_same(fitted<Model, Away>(s, 0.2, adamw), whole);
}

// What an exception left half done is nothing to be reversed.
BOOST_AUTO_TEST_CASE(a_forward_that_did_not_end_has_no_reverse) {
  using Model = test::TinyModel<prompt::Deep<2>>;
  Net<Model, Away> net(Model(settings_of<Model>(0)), {.seed = 3}, Away(Host(2)));
  auto const images = test::images<float>(2, net.model().facts);
  (void)net.forward(net.stream_of(images));
  auto const d_out = net.d_out(2);
  net.backward(d_out);
  net.set_tap({[](void*, TapPoint at, Index, Stream<float const>) {
                 if (at == TapPoint::block_out) throw RunError("enough");
               },
               nullptr});
  BOOST_CHECK_THROW((void)net.forward(net.stream_of(images)), RunError);
  BOOST_CHECK_THROW(net.backward(d_out), InputError);
}

BOOST_AUTO_TEST_CASE(what_precedes_the_first_learner_is_kept_by_the_host) {
  using Model = test::TinyModel<prompt::None>;
  auto const sgd = [](auto const& net) { return sgd_of(net, groups_of(net), {.momentum = 0.5}); };
  FitSettings const s{.epochs = 2, .batch = 4, .learning_rate = 1e-2};
  check_same(fitted<Model, Away>(s, 0, sgd), fitted<Model, Host>(s, 0, sgd));
}

BOOST_AUTO_TEST_CASE(a_search_chooses_the_same_layers) {
  using Model = VisionTower<Four, prompt::None, skip::Searched<2, 4>>;
  auto const chosen = [](auto backend) {
    Levels const data(18);
    Examples<float, Levels> train(data, all_of(data), tiny_preprocess());
    Examples<float, Levels> valid(data, all_of(data), tiny_preprocess());
    Net<Model, decltype(backend)> net(Model{{.classes = 3}}, {.seed = 3}, backend);
    auto optimizer = adamw_of(net, groups_of(net));
    LayerSearch search(net, valid, {.modules = 4, .skip = 1, .turn = 2, .epochs = 2}, 6);
    (void)fit(net, optimizer, train, {.epochs = 2, .batch = 6, .learning_rate = 1e-2}, search);
    return std::pair(search.choice(), learnt_of(net));
  };
  auto const host = chosen(Host(2)), away = chosen(Away(Host(2)));
  BOOST_TEST((host.first == away.first));
  BOOST_TEST((host.second == away.second));
}

BOOST_AUTO_TEST_CASE(images_are_masked_and_predicted_the_same) {
  using Model = MaskedAutoencoder<test::TinyArch>;
  auto const run = [](auto backend) {
    Net<Model, decltype(backend)> net(Model{}, {.seed = 2}, backend);
    auto const curve =
        pretrain(net, Levels(8), {.epochs = 2, .batch = 4, .preprocess = tiny_preprocess()});
    return std::pair(curve.back().train_loss, learnt_of(net));
  };
  auto const host = run(Host(2)), away = run(Away(Host(2)));
  BOOST_TEST(host.first == away.first);
  BOOST_TEST((host.second == away.second));
}

// Of padded images and masked texts, and of the input itself; and of texts in plain means.
BOOST_AUTO_TEST_CASE(gradients_are_slopes) {
  using Model =
      SingleStream<test::TinyStream, prompt::Deep<2>, skip::Dense, learn::Input<learn::All>>;
  using Checked = Net<Model, test::Apart<Reference<double>>>;
  Checked net(Model{{.classes = 3}});
  test::randomise(net);
  test::StreamBatch batch;
  auto const report = gradcheck(
      net, CheckedInput<Checked>{batch.input(), batch.gradient(), batch.moved(), batch.slopes()});
  BOOST_TEST(report.ok(), report);

  using Text = TextEncoder<test::TinyText, prompt::None, skip::Dense, learn::All>;
  typename Text::Settings s;
  s.facts.pool = TextPool::mean;
  using Reader = Net<Text, test::Apart<Reference<double>>>;
  Reader reader{Text{s}};
  test::randomise(reader);
  test::TextBatch const texts;
  auto const of_texts = gradcheck(reader, CheckedInput<Reader>{texts.input(), {}, {}, {}});
  BOOST_TEST(of_texts.ok(), of_texts);
}

BOOST_AUTO_TEST_SUITE_END()
