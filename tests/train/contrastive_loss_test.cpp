#include "vlpt/train/contrastive_loss.hpp"

#include <cmath>

#include "models/tiny_dual.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"
#include "vlpt/train/metrics.hpp"

using namespace vlpt;

namespace {

/// -log softmax of entry `at` of a row or column, by the formula.
double surprise(View<double const> m, Index at, bool column) {
  double sum = 0;
  for (Index i = 0; i < m.rows; ++i) sum += std::exp(column ? m(i, at) : m(at, i));
  return std::log(sum) - m(at, at);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(contrastive_loss)

BOOST_AUTO_TEST_CASE(is_the_mean_of_both_directions_and_gives_its_gradient) {
  Cpu<double> const cpu;
  auto logits = test::normal<double>(Shape{4, 4}, 1);
  Tensor<double> d(Shape{4, 4}), unused(Shape{4, 4});
  ContrastiveLoss<Cpu<double>> loss;
  double expected = 0;
  for (Index i = 0; i < 4; ++i)
    expected += (surprise(std::as_const(logits).view(), i, false) +
                 surprise(std::as_const(logits).view(), i, true)) /
                8;
  auto const at = [&](Tensor<double>& to) {
    loss(cpu, std::as_const(logits).view(), to.view());
    return loss.value(cpu);
  };
  BOOST_TEST(std::abs(at(d) - expected) < 1e-12);
  for (std::size_t i = 0; i < 16; ++i) {
    double const x = logits.values[i], h = 1e-5;
    logits.values[i] = x + h;
    double const up = at(unused);
    logits.values[i] = x - h;
    double const slope = (up - at(unused)) / (2 * h);
    logits.values[i] = x;
    BOOST_CHECK_SMALL(slope - d.values[i], 1e-9);
  }
}

// Contexts of texts are learnt until each picture finds its own text: recall at 1 in both
// directions.
BOOST_AUTO_TEST_CASE(a_dual_encoder_learns_its_pairs) {
  using Model = test::Dual<prompt::Context<2, ContextPlace::end, true>, learn::Policy>;
  Model::Settings s;
  s.texts = test::tiny_texts();
  Net<Model, Cpu<double>> net{Model(s)};
  test::randomise(net);
  for (auto const& p : net.parameters())
    if (p.name == "logit_scale") p.values.data[0] = std::log(30.0);
  net.touch();
  auto const images = test::images<double>(3, net.model().facts);
  Tensor<double> d(Shape{3, 3});
  ContrastiveLoss<Cpu<double>> loss;
  AdamW<double> optimizer(groups_of(net));
  double first = 0, last = 0;
  for (Index step = 0; step < 300; ++step) {
    auto const logits = net.forward(net.stream_of(images), static_cast<std::uint64_t>(step));
    loss(net.backend(), logits, d.view());
    last = loss.value(net.backend());
    if (step == 0) first = last;
    net.zero_gradients();
    net.backward(std::as_const(d).view());
    optimizer.step(net.learnt(), net.gradients(), 0.05);
  }
  BOOST_TEST(last < first / 2);
  auto const logits = net(images);
  std::vector<Index> const pair{0, 1, 2};
  BOOST_TEST(top_k_accuracy(logits.view(), std::span<Index const>(pair)) == 1.0);
}

BOOST_AUTO_TEST_CASE(pairs_must_be_pairs) {
  Cpu<double> const cpu;
  Tensor<double> const logits(Shape{2, 3});
  Tensor<double> d(Shape{2, 3});
  ContrastiveLoss<Cpu<double>> loss;
  BOOST_CHECK_EXCEPTION(loss(cpu, logits.view(), d.view()), InputError, [](auto const& e) {
    return std::string(e.what()).find("2 images and 3 texts") != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
