#include "vlpt/autodiff/parameters.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "vlpt/autodiff/chain.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/ops/layer_norm.hpp"
#include "vlpt/ops/linear.hpp"

using namespace vlpt;

namespace {

using M = Chain<Stage<"norm", LayerNorm>, Stage<"fc", Trainable<Linear>>, Stage<"out", Linear>>;
M const module{stage<"norm">(LayerNorm{3}), stage<"fc">(Trainable{Linear{.in = 3, .out = 2}}),
               stage<"out">(Linear{.in = 2, .out = 5, .bias = false})};
using F = Flow<learn::Policy>;

struct Moments {
  double mean = 0, deviation = 0, least = 1e9, most = -1e9;
};
Moments moments(Init const& init, Shape const& shape, Random random) {
  Moments m;
  double squares = 0;
  double const n = static_cast<double>(shape.size());
  for (Index i = 0; i < shape.size(); ++i) {
    double const v = init.value(shape, random, i);
    m.mean += v / n, squares += v * v / n;
    m.least = std::min(m.least, v), m.most = std::max(m.most, v);
  }
  m.deviation = std::sqrt(squares - m.mean * m.mean);
  return m;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(parameters)

BOOST_AUTO_TEST_CASE(frozen_and_learnt_lie_in_two_runs) {
  M::Params<float> p{};
  PlaceParameters<float> count;
  module.visit<F>(p, count);
  BOOST_TEST(count.frozen_count == 3 + 3 + 10);
  BOOST_TEST(count.learnt_count == 6 + 2);
  std::vector<float> frozen(16), learnt(8);
  PlaceParameters<float> place{frozen.data(), learnt.data()};
  module.visit<F>(p, place);
  BOOST_TEST(std::get<0>(p).weight.data == frozen.data());
  BOOST_TEST(std::get<0>(p).bias.data == frozen.data() + 3);
  BOOST_TEST(std::get<1>(p).weight.data == learnt.data());
  BOOST_TEST(std::get<1>(p).bias.data == learnt.data() + 6);
  BOOST_TEST(std::get<2>(p).weight.data == frozen.data() + 6);
  BOOST_TEST(std::get<2>(p).bias.empty());
  M::Params<float> g{};  // gradients: the learnt run, and nothing else
  std::vector<float> gradient(8);
  PlaceGradients<float> place_gradients{gradient.data()};
  module.visit<F>(g, place_gradients);
  BOOST_TEST(place_gradients.count == 8);
  BOOST_TEST(std::get<0>(g).weight.empty());
  BOOST_TEST(std::get<1>(g).bias.data == gradient.data() + 6);
}

BOOST_AUTO_TEST_CASE(tensors_are_listed_under_their_full_names) {
  M::Params<float> p{};
  ListParameters<float> list;
  list.enter("layers", 3);
  module.visit<F>(p, list);
  list.leave();
  std::vector<std::string> names;
  for (auto const& r : list.records) names.push_back(r.name);
  std::vector<std::string> const expected{"layers.3.norm.weight", "layers.3.norm.bias",
                                          "layers.3.fc.weight", "layers.3.fc.bias",
                                          "layers.3.out.weight"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
  BOOST_TEST((list.records[2].shape == Shape{2, 3}));
  BOOST_TEST(list.records[2].learns);
  BOOST_TEST(!list.records[4].learns);
  BOOST_TEST(list.records[4].decays);
  BOOST_TEST(!list.records[0].decays);  // norms and biases do not decay
  BOOST_TEST(!list.records[3].decays);
}

BOOST_AUTO_TEST_CASE(initial_laws) {
  Shape const shape{60, 500};
  Random const random{3, 4};
  BOOST_TEST(moments(Init::zero(), shape, random).most == 0);
  BOOST_TEST(moments(Init::constant(-4.6), shape, random).least == -4.6);
  BOOST_TEST(moments(Init::constant(-4.6), shape, random).most == -4.6);
  auto const n = moments(Init::normal(0.02), shape, random);
  BOOST_TEST(std::abs(n.deviation - 0.02) < 5e-4);
  BOOST_TEST(std::abs(n.mean) < 6e-4);
  auto const u = moments(Init::uniform(0.0625), shape, random);
  BOOST_TEST(u.most <= 0.0625);
  BOOST_TEST(u.most > 0.062);
  BOOST_TEST(u.least >= -0.0625);
  BOOST_TEST(u.least < -0.062);
  BOOST_TEST(std::abs(moments(Init::kaiming_fan_out(), shape, random).deviation -
                      std::sqrt(2.0 / 60)) < 3e-3);
  auto const x = moments(Init::xavier_uniform(), shape, random);
  BOOST_TEST(x.most <= std::sqrt(6.0 / 560));
  BOOST_TEST(x.most > 0.99 * std::sqrt(6.0 / 560));
  BOOST_TEST(Init::normal(1).value(shape, random, 7) == Init::normal(1).value(shape, random, 7));
  BOOST_TEST(Init::normal(1).value(shape, random, 7) !=
             Init::normal(1).value(shape, random.fork(1), 7));
}

BOOST_AUTO_TEST_SUITE_END()
