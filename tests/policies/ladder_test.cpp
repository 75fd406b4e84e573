#include "vlpt/policies/prompt/ladder.hpp"

#include "policies/check_stream.hpp"

using namespace vlpt;

namespace {

using Ladder = prompt::Ladder<2>;

}  // namespace

BOOST_AUTO_TEST_SUITE(ladder)

BOOST_AUTO_TEST_CASE(beside_a_single_stream) { test::check_stream<Ladder>(); }
BOOST_AUTO_TEST_CASE(stops_the_gradient_of_a_backbone_that_learns) {
  test::check_stream<Ladder, skip::Dense, learn::Input<learn::All>>();
}
BOOST_AUTO_TEST_CASE(beside_a_vision_tower) { test::check_policy<Ladder>(); }
BOOST_AUTO_TEST_CASE(beside_skipped_layers) {
  test::check_policy<Ladder, skip::AdapterSkip<2, 3, 1>>();
  test::check_policy<Ladder>({}, test::planned(3));
  test::check_stream<Ladder, skip::AdapterSkip<2, 3, 2>>();
}
BOOST_AUTO_TEST_CASE(beside_a_search) { test::check_policy<Ladder, skip::Searched<2, 3>>(); }
BOOST_AUTO_TEST_CASE(without_any_layer_that_runs) {
  test::check_policy<Ladder, skip::AdapterSkip<2, 3, 0, 1, 2>>();
}

BOOST_AUTO_TEST_CASE(a_skipped_layer_has_no_rung_and_the_backbone_no_gradient) {
  using Model = VisionTower<test::Tiny, Ladder, skip::AdapterSkip<2, 3, 1>>;
  Net<Model, Reference<double>> net{test::tower<Model>(Pool::mean_all)};
  test::randomise(net);
  auto const images = test::images<double>(2, net.model().facts);
  auto const out = net.forward(net.stream_of(images));
  net.zero_gradients();
  net.backward(test::normal<double>(Shape{out.rows, out.cols}, 2).view());
  bool side = false;
  for (auto const& p : net.parameters()) {
    BOOST_TEST(!p.name.starts_with("side.rungs.1."), p.name);
    if (!p.learns) continue;
    double sum = 0;
    for (Index i = 0; i < p.shape.size(); ++i)
      sum += std::abs(net.gradients()[static_cast<std::size_t>(net.offset(p) + i)]);
    bool const reached = p.name.starts_with("side.") || p.name.starts_with("head.");
    BOOST_TEST((sum > 0) == reached, p.name);
    side = side || p.name.starts_with("side.");
  }
  BOOST_TEST(side);
}

BOOST_AUTO_TEST_CASE(it_needs_a_width_that_divides) {
  using Model = VisionTower<test::Tiny, prompt::Ladder<8>>;
  BOOST_CHECK_EXCEPTION(Model{}, InputError, [](InputError const& e) {
    return std::string(e.what()).find("8 times narrower than 8 does not divide into 2 heads") !=
           std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
