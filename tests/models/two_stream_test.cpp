#include "vlpt/models/two_stream.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "heap.hpp"
#include "models/tiny_two_stream.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/policies/prompt/deep.hpp"

using namespace vlpt;
using test::PairBatch;
using test::TinyMeter;

namespace {

template <class B = Reference<double>>
using NetOf = Net<TwoStream<TinyMeter, prompt::Deep<2>>, B>;

template <class B = Reference<double>>
NetOf<B> net_of(Index images = 1, B backend = B{}) {
  using Model = typename NetOf<B>::ModelType;
  typename Model::Settings s{};
  s.classes = 3, s.images = images;
  NetOf<B> net(Model(s), {}, backend);
  test::randomise(net);
  return net;
}
template <class NetType>
std::vector<double> outputs(NetType const& net, TextImages<double const> const& in) {
  Tensor<double> out(Shape{in.batch, net.model().output_width()});
  auto workspace = net.workspace(in.batch);
  net.predict(in, out.view(), workspace);
  return out.values;
}
double largest_difference(std::span<double const> a, std::span<double const> b) {
  BOOST_REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}
auto says(std::string const& what) {
  return [what](InputError const& e) {
    if (std::string(e.what()).find(what) != std::string::npos) return true;
    BOOST_TEST_MESSAGE(e.what());
    return false;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(two_stream)

BOOST_AUTO_TEST_CASE(roberta_counts_positions_over_words) {
  std::vector<Index> const ids{0, 7, 2, 1, 0, 2, 1, 1};
  std::vector<Index> const expected{2, 3, 4, 1, 2, 3, 1, 1};
  BOOST_TEST(roberta_positions(ids, 4) == expected, boost::test_tools::per_element());
  BOOST_CHECK_THROW((void)roberta_positions(ids, 3), InputError);
}

BOOST_AUTO_TEST_CASE(a_sample_does_not_depend_on_the_others_nor_on_padding) {
  auto const net = net_of();
  PairBatch const batch(3);
  auto const all = outputs(net, batch.input());
  for (Index b = 0; b < 3; ++b) {
    auto one = batch.input();
    one.batch = 1, one.ids += 4 * b, one.text_mask += 4 * b, one.positions += 4 * b;
    one.images = {one.images.sample(b).data, 1, 16, 8};
    if (b == 1) one.words = 2;  // the other two are padding
    BOOST_TEST(largest_difference(std::span(all).subspan(static_cast<std::size_t>(3 * b), 3),
                                  outputs(net, one)) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(two_images_differ_in_their_type) {
  auto const net = net_of(2);
  BOOST_TEST(net.model().facts.types == 3);
  PairBatch const batch(2, 2);
  auto const before = outputs(net, batch.input());
  auto in = batch.input();
  std::vector<Index> types{1, 2, 1, 2};
  in.types = types.data();
  BOOST_TEST(largest_difference(before, outputs(net, in)) == 0.0);
  types = {2, 1, 1, 2};
  auto const swapped = outputs(net, in);
  BOOST_TEST(largest_difference(std::span(before).first(3), std::span(swapped).first(3)) > 1e-6);
  BOOST_TEST(largest_difference(std::span(before).last(3), std::span(swapped).last(3)) == 0.0);
  types[3] = 3;
  BOOST_CHECK_EXCEPTION(outputs(net, in), InputError, says("image 3 has type 3"));
}

BOOST_AUTO_TEST_CASE(backends_agree_and_do_not_depend_on_threads) {
  auto const truth = net_of();
  PairBatch const batch;
  std::vector<double> before;
  for (int const threads : {1, 3}) {
    auto const out = outputs(net_of(1, Cpu<double>(threads)), batch.input());
    BOOST_TEST(largest_difference(outputs(truth, batch.input()), out) < 1e-12);
    if (!before.empty()) BOOST_TEST(largest_difference(before, out) == 0.0);
    before = out;
  }
}

BOOST_AUTO_TEST_CASE(later_steps_ask_for_no_heap) {
  auto net = net_of();
  PairBatch const batch;
  Tensor<double> const slope(Shape{2, 3}, 1.0);
  auto const step = [&] {
    (void)net.forward(batch.input());
    net.backward(slope.view());
  };
  step();
  auto const before = test::heap_allocations();
  step();
  BOOST_TEST(test::heap_allocations() == before);
}

BOOST_AUTO_TEST_CASE(inputs_that_do_not_fit_are_named) {
  auto const net = net_of(2);
  PairBatch const batch(2, 2);
  auto in = batch.input();
  in.batch = 3;
  BOOST_CHECK_EXCEPTION(outputs(net, in), InputError, says("3 samples of 2 images each need 6"));
  in = batch.input(), in.words = 5;
  BOOST_CHECK_EXCEPTION(outputs(net, in), InputError, says("texts of 5 words"));
  in = batch.input(), in.positions = nullptr;
  BOOST_CHECK_EXCEPTION(outputs(net, in), InputError, says("roberta_positions"));
  in = batch.input(), in.images.dim = 10;
  BOOST_CHECK_EXCEPTION(outputs(net, in), InputError, says("do not fit a model of 2 x 8 x 8"));
  using Model = TwoStream<TinyMeter>;
  BOOST_CHECK_EXCEPTION(Model({.classes = 2, .every_row = true}), InputError, says("every row"));
  BOOST_CHECK_EXCEPTION(Model({.images = 0}), InputError, says("at least one image"));
  BOOST_CHECK_EXCEPTION(Model({.words = 9}), InputError, says("texts of 9 words"));
}

BOOST_AUTO_TEST_SUITE_END()
