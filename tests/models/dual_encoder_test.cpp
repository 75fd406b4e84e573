#include "vlpt/models/dual_encoder.hpp"

#include "heap.hpp"
#include "models/tiny_dual.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/deep.hpp"

using namespace vlpt;
using test::check_dual;
using test::Dual;

namespace {

template <class Prompt, class B>
Net<Dual<Prompt, learn::Policy>, B> made(Index chunk = 64, Index padding = 32) {
  using Model = Dual<Prompt, learn::Policy>;
  typename Model::Settings s;
  s.texts = test::tiny_texts(), s.chunk = chunk, s.padding = padding;
  Net<Model, B> net{Model(s)};
  test::randomise(net);
  return net;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dual_encoder)

BOOST_AUTO_TEST_CASE(gradients_of_everything) {
  check_dual<prompt::None, learn::Input<learn::All>>();
  check_dual<prompt::Deep<2>>();
}

BOOST_AUTO_TEST_CASE(parts_may_learn) {
  check_dual<prompt::None, learn::Paths<"logit_scale", "text.norm", "image.layers.mlp">>();
}

// The logits are e^s times the cosine of the angle between features.
BOOST_AUTO_TEST_CASE(logits_are_scaled_cosines) {
  auto const net = made<prompt::None, Reference<double>>();
  auto const images = test::images<double>(2, net.model().facts);
  auto const logits = net(images);
  BOOST_TEST((logits.shape == Shape{2, 3}));
  double scale = 0;
  for (auto const& p : net.parameters())
    if (p.name == "logit_scale") scale = std::exp(p.values(0, 0));
  auto w = net.workspace(2);
  Tensor<double> f(Shape{2, 6}), t(Shape{3, 6});
  net.features(net.stream_of(images), f.view(), w);
  net.text_features(t.view(), w);
  for (Index b = 0; b < 2; ++b)
    for (Index k = 0; k < 3; ++k) {
      double dot = 0, ff = 0, tt = 0;
      for (Index c = 0; c < 6; ++c) {
        double const x = f.view()(b, c), y = t.view()(k, c);
        dot += x * y, ff += x * x, tt += y * y;
      }
      BOOST_TEST(std::abs(logits.view()(b, k) - scale * dot / std::sqrt(ff * tt)) < 1e-12);
    }
}

// What stands behind an end token changes nothing.
BOOST_AUTO_TEST_CASE(padding_does_not_matter) {
  using Model = Dual<prompt::Context<2>, learn::Policy, rows::All>;
  typename Model::Settings s;
  s.texts = test::tiny_texts();
  Net<Model, Reference<double>> plain{Model(s)};
  s.texts.ids[4] = 3, s.texts.ids[5] = 7;  // behind the first text's end
  Net<Model, Reference<double>> padded{Model(s)};
  test::randomise(plain), test::randomise(padded);
  auto const images = test::images<double>(2, plain.model().facts);
  auto const a = std::as_const(plain)(images), b = std::as_const(padded)(images);
  BOOST_TEST(a.values == b.values, boost::test_tools::per_element());
}

// The same bits to a step whether texts are cut behind their ends or behind the longest one, and
// however much padding they bring; where texts of a length are brought together, sums over them
// have another order.
BOOST_AUTO_TEST_CASE(rows_behind_end_tokens_change_no_bit) {
  ClassTexts const sorted{3, 6, {1, 3, 2, 8, 0, 0, 1, 7, 3, 2, 8, 0, 1, 4, 5, 6, 2, 8}, {1, 2, 3}};
  ClassTexts wide{3, 7, {}, sorted.name_lengths};
  for (std::size_t i = 0; i < 21; ++i)
    wide.ids.push_back(i % 7 == 6 ? 0 : sorted.ids[i / 7 * 6 + i % 7]);
  auto const step = [](ClassTexts const& texts, Index chunk, Index padding) {
    test::DualRun<Dual<prompt::Context<2>, learn::Policy>> run({}, chunk, {}, texts, padding);
    BOOST_TEST(run.net.model().scores.layout.chunks() == (padding == 0 ? 3 : 1));
    return run.step();
  };
  auto const wanted = step(sorted, 64, 32);
  for (auto const& got : {step(sorted, 64, 0), step(wide, 64, 0), step(sorted, 2, 0)})
    BOOST_TEST(got == wanted, boost::test_tools::per_element());
  ClassTexts const turned{3, 6, {1, 7, 3, 2, 8, 0, 1, 4, 5, 6, 2, 8, 1, 3, 2, 8, 0, 0}, {2, 3, 1}};
  auto const plain = step(turned, 64, 32), moved = step(turned, 64, 0);
  for (std::size_t i = 0; i < plain.size(); ++i)
    BOOST_TEST(std::abs(moved[i] - plain[i]) <= (i < 6 ? 0 : 1e-14));  // 6 logits
}

// Where the image tower does not learn, a step on features that were kept is a step on the images.
BOOST_AUTO_TEST_CASE(features_of_images_may_be_kept) {
  static_assert(Dual<prompt::Deep<2>, learn::Policy>::trunk_learns);
  auto net = made<prompt::Context<2>, Reference<double>>();
  auto const images = test::images<double>(2, net.model().facts);
  auto const d_out = test::normal<double>(Shape{2, 3}, 4);
  auto const logits = net.forward(net.stream_of(images));
  std::vector<double> const wanted(logits.data, logits.data + logits.size());
  net.backward(d_out.view());
  std::vector<double> const gradients(net.gradients().begin(), net.gradients().end());

  Tensor<double> features(Shape{2, 6});
  auto w = std::as_const(net).workspace(2);
  std::as_const(net).features(net.stream_of(images), features.view(), w);
  net.zero_gradients();
  auto const again = net.forward_rest(std::as_const(features).view());
  BOOST_TEST(std::vector<double>(again.data, again.data + again.size()) == wanted,
             boost::test_tools::per_element());
  net.backward(d_out.view());
  BOOST_TEST(std::vector<double>(net.gradients().begin(), net.gradients().end()) == gradients,
             boost::test_tools::per_element());
}

// One model for both of CLIP's activations gives what a model for either gives.
BOOST_AUTO_TEST_CASE(an_activation_may_be_chosen_at_run_time) {
  struct Any : test::TinyDual {
    using Activation = AnyGelu;
  };
  DualEncoder<Any>::Settings s;
  s.facts.gelu = s.text.gelu = GeluKind::quick;
  s.texts = test::tiny_texts();
  Net<DualEncoder<Any>, Reference<double>> any{DualEncoder<Any>(s)};
  auto quick = made<prompt::None, Reference<double>>();
  test::randomise(any);
  auto const images = test::images<double>(2, quick.model().facts);
  auto const a = std::as_const(any)(images), b = std::as_const(quick)(images);
  BOOST_TEST(a.values == b.values, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_wide_list_of_classes_keeps_no_more_than_their_features) {
  using Model = Dual<prompt::Context<2>, learn::Policy>;
  auto const scratch = [](Index classes) {
    typename Model::Settings s;
    s.texts = ClassTexts::blank(classes, 7), s.chunk = 4;
    auto const plan = plan_memory<typename Model::TrainFlow>(Model(s), Reference<float>{}, 1, true);
    return static_cast<Index>(plan.tape + plan.scratch);
  };
  Index const more = scratch(404) - scratch(4), a_class = more / 400;
  BOOST_TEST(a_class < 8 * 6 * static_cast<Index>(sizeof(float)));  // a text keeps a few rows of 6
}

BOOST_AUTO_TEST_CASE(texts_run_once_for_each_version_of_the_parameters) {
  auto net = made<prompt::Context<2>, Reference<double>>();
  auto const images = test::images<double>(2, net.model().facts);
  auto w = std::as_const(net).workspace(2);
  Tensor<double> a(Shape{2, 3}), b(a.shape);
  net.predict(net.stream_of(images), a.view(), w);
  net.predict(net.stream_of(images), b.view(), w);
  BOOST_TEST(a.values == b.values, boost::test_tools::per_element());
  net.learnt()[0] += 1;
  net.predict(net.stream_of(images), b.view(), w);
  BOOST_TEST((a.values != b.values));
}

BOOST_AUTO_TEST_CASE(no_heap_use_after_the_first_step) {
  using Policy = prompt::Both<prompt::Deep<2>, prompt::Context<2>>;
  auto two = made<Policy, Reference<double>>(2), apart = made<Policy, Reference<double>>(64, 0);
  auto const images = test::images<double>(2, two.model().facts);
  auto const d_out = test::normal<double>(Shape{2, 3}, 4);
  for (auto* const net : {&two, &apart}) {
    auto const step = [&] {
      (void)net->forward(net->stream_of(images));
      net->backward(d_out.view());
    };
    step();
    auto const start = test::heap_allocations();
    step();
    BOOST_TEST(test::heap_allocations() - start == 0);
  }
}

BOOST_AUTO_TEST_CASE(threads_do_not_change_a_bit) {
  using Model = Dual<prompt::Context<2>, learn::All>;
  std::vector<float> first;
  for (int threads : {1, 3}) {
    typename Model::Settings s;
    s.texts = test::tiny_texts();
    Net<Model, Cpu<float>> net(Model(s), {}, Cpu<float>(threads));
    test::randomise(net);
    auto const images = test::images<float>(5, net.model().facts);
    auto const d_out = test::normal<float>(Shape{5, 3}, 4);
    (void)net.forward(net.stream_of(images));
    net.zero_gradients();
    net.backward(d_out.view());
    std::vector<float> const g(net.gradients().begin(), net.gradients().end());
    if (first.empty()) first = g;
    BOOST_TEST((first == g));
  }
}

BOOST_AUTO_TEST_SUITE_END()
