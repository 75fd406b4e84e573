// rows::Rounded keeps in bf16 what rows::Live keeps in floats: the same outputs, nearly the same
// gradients, about half the memory.
#include "vlpt/blocks/exact_values.hpp"

#include <boost/mpl/list.hpp>

#include "models/check_cost.hpp"
#include "models/tiny_dual.hpp"
#include "models/tiny_two_stream.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/context.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/per_task.hpp"

using namespace vlpt;

namespace {

/// A small Vision Transformer: 17 rows of width 32, five layers.
struct Small : test::Tiny {
  static constexpr Index image = 16, dim = 32, depth = 5, heads = 4, hidden = 128;
};
template <class Rows, class Prompt = prompt::Deep<6>, class Learn = learn::Policy>
using Tower = VisionTower<Small, Prompt, skip::Dense, Learn, Rows>;

struct Result {
  std::vector<double> outputs, gradients;
};

/// A step's forward and two reverses of it, which give the same.
template <class NetType, class Input>
Result step(NetType& net, Input const& input, Index samples) {
  using T = typename NetType::T;
  Result r;
  auto const out = net.forward(input, 5);
  r.outputs.assign(out.data, out.data + out.size());
  auto const d_out = test::normal<T>(Shape{samples, out.cols}, 2);
  for (bool const again : {false, true}) {
    net.zero_gradients();
    net.backward(d_out.view());
    auto const g = net.gradients();
    if (again) BOOST_TEST(r.gradients == std::vector<double>(g.begin(), g.end()));
    r.gradients.assign(g.begin(), g.end());
  }
  return r;
}
template <class Model, class B = Reference<double>>
Result vision(double dropout) {
  Net<Model, B> net(test::tower<Model>(Pool::class_row, dropout));
  test::randomise(net);
  auto const images = test::images<typename B::Scalar>(3, net.model().facts);
  return step(net, net.stream_of(images), 3);
}

/// The same outputs; gradients that are rounded, and not by much.
void nearly(Result const& exact, Result const& rounded, double least_cosine) {
  BOOST_TEST(rounded.outputs == exact.outputs, boost::test_tools::per_element());
  BOOST_REQUIRE(rounded.gradients.size() == exact.gradients.size());
  double ab = 0, aa = 0, bb = 0, apart = 0;
  for (std::size_t i = 0; i < exact.gradients.size(); ++i) {
    double const a = exact.gradients[i], b = rounded.gradients[i];
    ab += a * b, aa += a * a, bb += b * b, apart += (a - b) * (a - b);
  }
  BOOST_TEST_MESSAGE("cosine " << ab / std::sqrt(aa * bb) << ", apart " << std::sqrt(apart / aa));
  BOOST_TEST(ab / std::sqrt(aa * bb) >= least_cosine);
  BOOST_TEST(std::sqrt(apart / aa) > 1e-5);  // they are rounded
}

using Machines = boost::mpl::list<Reference<double>, Cpu<float>, PackedCpu<float>>;

}  // namespace

BOOST_AUTO_TEST_SUITE(rounded_rows)

BOOST_AUTO_TEST_CASE_TEMPLATE(deep_prompts, B, Machines) {
  for (double const dropout : {0.0, 0.2})
    nearly(vision<Tower<rows::Live>, B>(dropout), vision<Tower<rows::Rounded<>>, B>(dropout),
           0.9999);
}

BOOST_AUTO_TEST_CASE(all_rows_of_a_model_that_learns) {
  nearly(vision<Tower<rows::All, prompt::Deep<6>, learn::All>>(0.2),
         vision<Tower<rows::Rounded<rows::All>, prompt::Deep<6>, learn::All>>(0.2), 0.9995);
}

BOOST_AUTO_TEST_CASE(two_streams) {
  auto const run = []<class Rows>(Rows) {
    using Model = TwoStream<test::TinyMeter, prompt::Deep<2>, skip::Dense, learn::All, Rows>;
    Net<Model, Reference<double>> net{Model({.classes = 3})};
    test::randomise(net);
    test::PairBatch const pairs;
    return step(net, pairs.input(), pairs.samples);
  };
  nearly(run(rows::Live{}), run(rows::Rounded<>{}), 0.9999);
}

// Texts two at a time, which the reverse runs again, behind a prefix that all share.
BOOST_AUTO_TEST_CASE(texts) {
  auto const run = []<class Rows>(Rows) {
    test::DualRun<test::Dual<prompt::Context<2>, learn::Policy, Rows>> all({}, 2);
    auto const images = test::images<double>(2, all.net.model().facts);
    return step(all.net, all.net.stream_of(images), 2);
  };
  nearly(run(rows::Live{}), run(rows::Rounded<>{}), 0.9999);
}

BOOST_AUTO_TEST_CASE(memory_is_what_was_counted) {
  test::check_cost<Tower<rows::Rounded<>>>({}, 3);
  test::check_cost<Tower<rows::Recomputed<>>>({}, 3);
  using Tasks = prompt::PerTask<prompt::Adapter<2>>;
  test::check_cost<Tower<rows::Rounded<>, Tasks>>(
      {.prompt = Tasks{{{"pets", 2, {}}, {"food", 1, {}}}}}, 3);

  Cost const live = cost_of(Tower<rows::Live>{}, 8), rounded = cost_of(Tower<rows::Rounded<>>{}, 8);
  BOOST_TEST(rounded.saved_bytes < 0.55 * static_cast<double>(live.saved_bytes));
  BOOST_TEST(rounded.saved_bytes + rounded.training_workspace_bytes <
             0.85 * static_cast<double>(live.saved_bytes + live.training_workspace_bytes));
  BOOST_TEST((rounded.forward == live.forward));
}

// What runs again ends before the product that nobody reads: fc2 of the class row in the last
// layer, of all rows in those before.
BOOST_AUTO_TEST_CASE(the_second_run_of_a_layer_ends_early) {
  Tower<rows::Live> const tower{};
  auto const& at = tower.facts;
  Index const images = 8, rows = 1 + (at.depth - 1) * at.tokens();
  Index const embedding = images * at.patches() * at.patch * at.patch * at.channels * at.dim;
  Cost const live = cost_of(tower, images), again = cost_of(Tower<rows::Recomputed<>>{}, images);
  BOOST_TEST(again.backward_macs - live.backward_macs ==
             live.forward.macs() - embedding - images * rows * at.dim * at.hidden);
}

BOOST_AUTO_TEST_SUITE_END()
