#include "vlpt/models/single_stream.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>

#include "heap.hpp"
#include "models/tiny_stream.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/policies/prompt/deep.hpp"

using namespace vlpt;
using test::StreamBatch;
using test::TinyStream;

namespace {

template <class Prompt = prompt::None, class B = Reference<double>>
using NetOf = Net<SingleStream<TinyStream, Prompt>, B>;

template <class NetType>
NetType net_of(Index classes = 3, Index images = 1) {
  using Model = typename NetType::ModelType;
  typename Model::Settings s{};
  s.classes = classes, s.images = images;
  NetType net{Model(s)};
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

BOOST_AUTO_TEST_SUITE(single_stream)

BOOST_AUTO_TEST_CASE(a_sample_does_not_depend_on_the_others_nor_on_padding) {
  auto const net = net_of<NetOf<prompt::Deep<2>>>();
  StreamBatch const batch;
  auto const all = outputs(net, batch.input());
  for (Index b = 0; b < 3; ++b) {
    TextImages<double const> one = batch.input();
    one.batch = 1, one.ids += 4 * b, one.text_mask += 4 * b;
    one.images = {one.images.sample(b).data, 1, 24, 12};
    if (b == 1) one.words = 2;  // the other two are padding
    auto const own = outputs(net, one);
    BOOST_TEST(largest_difference(std::span(all).subspan(static_cast<std::size_t>(3 * b), 3), own) <
               1e-13);
  }
}

BOOST_AUTO_TEST_CASE(what_is_masked_as_a_word_is_not_read) {
  auto const net = net_of<NetOf<>>();
  StreamBatch batch;
  auto const before = outputs(net, batch.input());
  batch.ids[4 + 3] = (batch.ids[4 + 3] + 1) % 7;  // padding of text 1
  BOOST_TEST(largest_difference(before, outputs(net, batch.input())) == 0.0);
  batch.ids[4 + 1] = (batch.ids[4 + 1] + 1) % 7;  // a word of it
  BOOST_TEST(largest_difference(before, outputs(net, batch.input())) > 1e-6);
}

BOOST_AUTO_TEST_CASE(a_row_replaces_the_first_word) {
  auto const net = net_of<NetOf<>>();
  StreamBatch batch;
  auto const before = outputs(net, batch.input());
  batch.ids[0] = (batch.ids[0] + 1) % 7;
  BOOST_TEST(largest_difference(before, outputs(net, batch.input())) == 0.0);
}

BOOST_AUTO_TEST_CASE(two_images_differ_in_their_type) {
  auto const net = net_of<NetOf<>>(3, 2);
  BOOST_TEST(net.model().facts.types == 3);
  StreamBatch const batch(2, 2);
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
  auto const truth = net_of<NetOf<prompt::Deep<2>>>();
  using Fast = NetOf<prompt::Deep<2>, Cpu<double>>;
  StreamBatch const batch;
  std::vector<double> before;
  for (int const threads : {1, 3}) {
    typename Fast::ModelType::Settings s{};
    s.classes = 3;
    Fast net(typename Fast::ModelType(s), {}, Cpu<double>(threads));
    test::randomise(net);
    auto const out = outputs(net, batch.input());
    BOOST_TEST(largest_difference(outputs(truth, batch.input()), out) < 1e-12);
    if (!before.empty()) BOOST_TEST(largest_difference(before, out) == 0.0);
    before = out;
  }
}

BOOST_AUTO_TEST_CASE(later_steps_ask_for_no_heap) {
  auto net = net_of<NetOf<prompt::Deep<2>>>();
  StreamBatch batch;
  Tensor<double> const slope(Shape{3, 3}, 1.0);
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
  auto const net = net_of<NetOf<>>(3, 2);
  StreamBatch const batch(2, 2);
  auto in = batch.input();
  in.batch = 3;
  BOOST_CHECK_EXCEPTION(outputs(net, in), InputError, says("3 samples of 2 images each need 6"));
  in = batch.input(), in.words = 5;
  BOOST_CHECK_EXCEPTION(outputs(net, in), InputError, says("texts of 5 words"));
  in = batch.input(), in.images.dim = 10;
  BOOST_CHECK_EXCEPTION(outputs(net, in), InputError, says("multiples of 4 pixels, at most 12"));
  using Model = SingleStream<TinyStream>;
  BOOST_CHECK_EXCEPTION(Model({.classes = 2, .every_row = true}), InputError, says("every row"));
  BOOST_CHECK_EXCEPTION(Model({.room = {.image = 11}}), InputError, says("9 patches, not 10"));
  BOOST_CHECK_EXCEPTION(Model({.images = 0}), InputError, says("at least one image"));
}

BOOST_AUTO_TEST_SUITE_END()
