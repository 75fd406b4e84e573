// Costs against sums written by hand, and memory with the tiles of Cpu's attention. That what is
// counted is what runs, for every family and policy: cost_vision, cost_dual, cost_dual_text,
// cost_single_stream, cost_two_stream.
#include <boost/test/unit_test.hpp>

#include "models/cost_run.hpp"
#include "models/tiny_two_stream.hpp"
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

using namespace vlpt;

namespace {

template <class Prompt, class Rows = rows::Live, class Skip = skip::Dense>
using Tower = VisionTower<test::Tiny, Prompt, Skip, learn::Policy, Rows>;

// Of test::Tiny: rows of the sequence, their width, of its MLP, values of a patch.
constexpr Index n = 5, d = 8, h = 12, patch = 2 * 4 * 4;
constexpr Index embedding = (n - 1) * patch * d;

}  // namespace

BOOST_AUTO_TEST_SUITE(cost)

// VPT-deep with m rows at three layers; of the last layer the class row alone is read.
BOOST_AUTO_TEST_CASE(deep_prompts_by_hand) {
  Index const m = 2;
  Cost const cost = cost_of(Tower<prompt::Deep<m>>{});
  auto const layer = [](Index queries) {
    Index const projections = queries * d * d + n * d * 2 * d + queries * d * d;
    Index const attention = 2 * queries * (n + m) * d;
    return projections + attention + 2 * queries * d * h;
  };
  BOOST_TEST(cost.macs == embedding + 2 * layer(n) + layer(1));
  BOOST_TEST(cost.prepare.macs() == 3 * m * d * 2 * d);

  // The reverse: probabilities and their gradient, then those of queries, own keys and values, and
  // the prompts'. Below the first layer's prompts nothing learns.
  auto const reverse = [](Index queries, bool below) {
    Index const own = below ? queries * n * d + 2 * queries * n * d : 0;  // without the prompts
    Index const attention =
        2 * queries * (n + m) * d + (below ? queries * m * d : 0) + own + 2 * queries * m * d;
    Index const projections = queries * d * d + (below ? queries * d * d + n * d * 2 * d : 0);
    return projections + attention + 2 * queries * d * h;
  };
  Index const rows = 3 * m * d * 2 * d;
  BOOST_TEST(cost.backward_macs == reverse(1, true) + reverse(n, true) + reverse(n, false) + rows);
  BOOST_TEST(cost.trainable == 3 * m * d);
}

// Every row of every layer, and prompts that are projected and asked with the others.
BOOST_AUTO_TEST_CASE(deep_prompts_as_published_by_hand) {
  Index const m = 2, all = n + m;
  Index const layer = 4 * all * d * d + 2 * all * all * d + 2 * all * d * h;
  BOOST_TEST((cost_of(Tower<prompt::Deep<m>, rows::All>{}).macs == embedding + 3 * layer));
}

// DAS: adapters of width 2 beside both halves of the layers that run, a short-cut of width 3 over
// the one that does not.
BOOST_AUTO_TEST_CASE(a_skipped_layer_by_hand) {
  using Skip = skip::AdapterSkip<2, 3, 1>;
  Cost const cost = cost_of(Tower<prompt::None, rows::Live, Skip>{});
  auto const layer = [](Index queries) {
    Index const attention = 2 * queries * d * d + n * d * 2 * d + 2 * queries * n * d;
    return attention + 2 * queries * d * h + 2 * (2 * queries * d * 2);
  };
  BOOST_TEST(cost.macs == embedding + layer(n) + 2 * n * d * 3 + layer(1));
  auto const adapter = [](Index width) { return 2 * d + 2 * d * width + width + d; };
  BOOST_TEST(cost.trainable == 4 * adapter(2) + adapter(3));
}

// APT adds, at each attention of METER, products of what it reads with keys and with prompts.
BOOST_AUTO_TEST_CASE(approximated_prompts_by_hand) {
  using Plain = TwoStream<test::TinyMeter>;
  using Prompted = TwoStream<test::TinyMeter, prompt::Approximated<3, 2, Rectified, false>>;
  Cost const plain = cost_of(Plain{}), cost = cost_of(Prompted{});
  Index const p = 3, r = 2, words = 4, image_rows = 5, attentions = 2;
  Index const read = words + image_rows + 1 + 1;  // of the last layer, one row of each stream
  BOOST_TEST(cost.macs - plain.macs == attentions * read * 2 * p * d);
  BOOST_TEST(cost.prepare.macs() == 2 * 2 * attentions * 2 * p * r * d);
  BOOST_TEST(cost.params - plain.params == 2 * 2 * attentions * (p * d + 2 * r * d));
}

BOOST_AUTO_TEST_CASE(live_rows_cost_less_than_all) {
  Cost const live = cost_of(Tower<prompt::Deep<2>>{}, 2);
  Cost const all = cost_of(Tower<prompt::Deep<2>, rows::All>{}, 2);
  BOOST_TEST(live.macs < all.macs);
  BOOST_TEST(live.backward_macs < all.backward_macs);
  BOOST_TEST(live.saved_bytes < all.saved_bytes);
  BOOST_TEST(live.params == all.params);
}

// Attention's tiles are the only memory that a cost leaves out and a plan has.
BOOST_AUTO_TEST_CASE(a_plan_has_the_tiles_of_attention) {
  auto const check = []<class Model>(Model const& model) {
    Cost const cost = cost_of(model, 6);
    test::CostRun<Model, Cpu<float>> run(model, 6, {}, Cpu<float>{2});
    for (bool const training : {false, true}) {
      test::Ran const ran = training ? run.train() : run.infer();
      BOOST_TEST(ran.peak.tape == ran.planned.tape);
      BOOST_TEST(ran.peak.scratch == ran.planned.scratch);
      BOOST_TEST(ran.left == 0);
      BOOST_TEST(static_cast<Index>(ran.peak.scratch) >=
                 (training ? cost.training_workspace_bytes : cost.workspace_bytes));
      if (!training) BOOST_TEST((ran.forward.work == cost.forward));
      if (training) BOOST_TEST((ran.backward.work == cost.backward));
    }
  };
  check(Tower<prompt::Deep<2>>{});
  check(Tower<prompt::Shallow<3>>{});
}

BOOST_AUTO_TEST_SUITE_END()
