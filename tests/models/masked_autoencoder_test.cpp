#include "vlpt/models/masked_autoencoder.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "heap.hpp"
#include "losses.hpp"
#include "models/tiny.hpp"
#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/kernels/cpu/extern.hpp"

using namespace vlpt;

namespace {

struct Tiny : test::Tiny {
  static constexpr Index image = 16, channels = 1, depth = 2;
  static constexpr bool learned_positions = false;
};
using Model = MaskedAutoencoder<Tiny>;
Model const model(DecoderFacts{.dim = 6, .depth = 2, .heads = 2, .hidden = 10, .mask_ratio = 0.75});

}  // namespace

BOOST_AUTO_TEST_SUITE(masked_autoencoder)

BOOST_AUTO_TEST_CASE(gradients) {
  Net<Model, Reference<double>> net(model);
  test::randomise(net);
  GradReport const report = gradcheck(net, test::images<double>(3, model.facts));
  BOOST_TEST(report.ok(1e-7), report);
  // patches 2, class row, 2 + 2 layers of 12, two norms, decoder embedding 2, mask row, predict 2
  BOOST_TEST(report.count() == 2 + 1 + 4 * 12 + 2 * 2 + 2 + 1 + 2);
  BOOST_TEST(report.lines.back().name == "decoder.predict.bias");
}

BOOST_AUTO_TEST_CASE(its_output_follows_the_masking_that_a_trainer_can_draw) {
  Net<Model, Cpu<double>> net(model, {.seed = 5});
  test::randomise(net);
  BOOST_TEST(model.keep() == 4);
  BOOST_TEST(model.masked() == 12);
  BOOST_TEST(model.output_width() == 12 * 16);
  auto images = test::images<double>(2, model.facts);
  auto const out_of = [&](std::uint64_t step) {
    auto const out = net.forward(net.stream_of(images), step);
    return std::vector<double>(out.data, out.data + out.size());
  };
  auto const base = out_of(3);
  BOOST_TEST((out_of(3) == base));
  BOOST_TEST((out_of(4) != base));
  Masking mine;
  mine.draw(Model::masking_random(net.random(3)), 2, 16, 4);
  // Pixels of a masked patch are never seen, pixels of a kept one are.
  auto const change = [&](Index patch) {
    images[256 + patch / 4 * 4 * 16 + patch % 4 * 4] += 1;  // of the second image
  };
  change(mine.masked[12 + 5]);
  BOOST_TEST((out_of(3) == base));
  change(mine.kept[4 + 2]);
  auto const seen = out_of(3);
  BOOST_TEST(
      (std::equal(base.begin(), base.begin() + 192, seen.begin())));  // the first image stays
  BOOST_TEST((!std::equal(base.begin() + 192, base.end(), seen.begin() + 192)));
}

BOOST_AUTO_TEST_CASE(a_masking_parts_the_patches) {
  Masking m;
  m.draw(Random{1, 2}, 50, 16, 4);
  std::set<std::vector<Index>> different;
  for (Index b = 0; b < 50; ++b) {
    std::vector<Index> const kept(m.kept.begin() + b * 4, m.kept.begin() + b * 4 + 4);
    std::set<Index> all(kept.begin(), kept.end());
    all.insert(m.masked.begin() + b * 12, m.masked.begin() + b * 12 + 12);
    BOOST_TEST(all.size() == 16);
    BOOST_TEST(std::is_sorted(kept.begin(), kept.end()));
    different.insert(kept);
  }
  BOOST_TEST(different.size() > 40);
}

BOOST_AUTO_TEST_CASE(no_heap_use_after_the_first_step) {
  Net<Model, Cpu<float>> net(model);
  auto const images = test::images<float>(4, model.facts);
  Tensor<float> const d_out(Shape{4, model.output_width()}, 0.1F);
  auto const step = [&](std::uint64_t i) {
    (void)net.forward(net.stream_of(images), i);
    net.zero_gradients();
    net.backward(d_out.view());
  };
  step(0);
  auto const start = test::heap_allocations();
  for (std::uint64_t i = 1; i < 4; ++i) step(i);
  BOOST_TEST(test::heap_allocations() - start == 0);
}

BOOST_AUTO_TEST_CASE(learns_to_predict) {
  Net<Model, Cpu<double>> net(model, {.seed = 2});
  auto const images = test::images<double>(4, model.facts);
  auto const loss = [&](bool reverse) {
    auto const out = net.forward(net.stream_of(images), 1);
    Tensor<double> d(Shape{out.rows, out.cols}), zero(Shape{out.rows, out.cols}, 0.5);
    double const value = test::squared_error(net.backend(), {out.data, 1, out.rows, out.cols},
                                             {zero.data(), 1, out.rows, out.cols},
                                             {d.data(), 1, out.rows, out.cols});
    net.zero_gradients();
    if (reverse) net.backward(std::as_const(d).view());
    return value;
  };
  double const before = loss(true);
  for (int i = 0; i < 20; ++i) {
    for (std::size_t k = 0; k < net.gradients().size(); ++k)
      net.learnt()[k] -= 0.5 * net.gradients()[k];
    (void)loss(true);
  }
  BOOST_TEST(loss(false) < 0.5 * before);
}

BOOST_AUTO_TEST_SUITE_END()
