#include "vlpt/policies/prompt/gated.hpp"

#include "policies/check_policy.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;
using prompt::GatedParts;

namespace {

template <class NetType>
void set(NetType& net, std::string_view ending, double value) {
  for (auto const& p : net.parameters())
    for (Index i = 0; i < p.shape.size() && p.name.ends_with(ending); ++i) p.values.data[i] = value;
  net.touch();
}
template <class Prompt>
using NetOf = Net<VisionTower<test::Tiny, Prompt>, Reference<double>>;

}  // namespace

BOOST_AUTO_TEST_SUITE(gated)

BOOST_AUTO_TEST_CASE(gradients_and_live_rows) {
  test::check_policy<prompt::Gated<2>>();
  test::check_policy<prompt::Gated<2, GatedParts::temperatures>>();
  prompt::Gated<2, GatedParts::gates> every_block;
  every_block.gates = prompt::Blocks::all(), every_block.temperature = 0.7;
  test::check_policy(every_block);
  prompt::Gated<2> some;  // a gate on the second block alone, no temperature learnt in it
  some.gates = prompt::Blocks::only({1}), some.temperatures = prompt::Blocks::only({0, 2});
  some.temperature = 0.7;
  test::check_policy(some);
  test::check_policy<prompt::Gated<2>, skip::Dense, learn::Input<learn::All>>();
}
BOOST_AUTO_TEST_CASE(with_skipped_layers) { test::check_policy_with_skips<prompt::Gated<2>>(); }

// methods.md 4.1: open gates and temperatures of one are VPT-shallow.
BOOST_AUTO_TEST_CASE(open_gates_are_shallow_prompts) {
  NetOf<prompt::Gated<2>> net;
  NetOf<prompt::Shallow<2>> const shallow;
  auto const images = test::images<double>(2, net.model().facts);
  set(net, "logit", 1000);
  auto const a = std::as_const(net)(images), b = shallow(images);
  BOOST_TEST(a.values == b.values, boost::test_tools::per_element());
  set(net, "logit", -1);
  BOOST_TEST(std::as_const(net)(images).values != b.values);
}

// Shut gates hand every block the learnt rows themselves.
BOOST_AUTO_TEST_CASE(shut_gates_keep_the_rows) {
  NetOf<prompt::Gated<2>> net;
  set(net, "logit", -1000);
  struct Look {
    Net<VisionTower<test::Tiny, prompt::Gated<2>>, Reference<double>> const& net;
    static void look(void* self, TapPoint point, Index, Stream<double const> x) {
      if (point != TapPoint::block_in) return;
      for (auto const& p : static_cast<Look const*>(self)->net.parameters())
        if (p.name == "prompt.rows")
          for (Index i = 0; i < p.shape.size(); ++i)
            BOOST_TEST(x.sample(1)(1 + i / 8, i % 8) == p.values.data[i]);
    }
  } look{net};
  net.set_tap({Look::look, &look});
  (void)std::as_const(net)(test::images<double>(2, net.model().facts));
}

// methods.md 4.1: what reaches the last block is a mean of the learnt rows and of what each block
// made of them: with L - 1 gates, prod(1 - g_k) Z_0 + sum_l g_l prod_{k > l}(1 - g_k) raw_l.
BOOST_AUTO_TEST_CASE(gates_have_a_closed_form) {
  NetOf<prompt::Gated<2>> net;
  test::randomise(net);
  struct Look {
    std::vector<double> given, raw[3], last;
    static void look(void* self, TapPoint point, Index layer, Stream<double const> x) {
      auto& to = *static_cast<Look*>(self);
      auto const rows = x.sample(0).middle_rows(1, 2);
      std::vector<double> const values(rows.data, rows.data + rows.rows * rows.cols);
      if (point == TapPoint::block_raw && layer < 2) to.raw[layer] = values;
      if (point == TapPoint::block_in && layer == 0) to.given = values;
      if (point == TapPoint::block_in && layer == 2) to.last = values;
    }
  } look;
  net.set_tap({Look::look, &look});
  (void)std::as_const(net)(test::images<double>(1, net.model().facts));
  double g[2]{};
  for (auto const& p : net.parameters())
    if (p.name.ends_with("logit")) g[p.name[7] - '0'] = 1 / (1 + std::exp(-p.values.data[0]));
  BOOST_REQUIRE(look.last.size() == 2 * 8);
  BOOST_REQUIRE(look.raw[1].size() == 2 * 8);
  for (std::size_t i = 0; i < 2 * 8; ++i) {
    double const wanted = (1 - g[0]) * (1 - g[1]) * look.given[i] +
                          g[0] * (1 - g[1]) * look.raw[0][i] + g[1] * look.raw[1][i];
    BOOST_TEST(std::abs(look.last[i] - wanted) < 1e-12);
  }
}

// A temperature outside [0.01, 10] acts as the bound does, and is brought back after a step.
BOOST_AUTO_TEST_CASE(temperatures_are_clamped) {
  NetOf<prompt::Gated<2>> net, bound;
  auto const images = test::images<double>(2, net.model().facts);
  for (auto const& [value, low] : {std::pair{0.001, 0.01}, {37.0, 10.0}}) {
    set(net, "change.t", value), set(bound, "change.t", low);
    BOOST_TEST(std::as_const(net)(images).values == std::as_const(bound)(images).values,
               boost::test_tools::per_element());
    net.keep_ranges();
    for (auto const& p : net.parameters())
      if (p.name.ends_with("change.t")) BOOST_TEST(p.values.data[0] == low);
  }
}

BOOST_AUTO_TEST_CASE(which_blocks) {
  using prompt::Blocks;
  BOOST_TEST((Blocks::all().has(2, 3) && !Blocks::all_but_last().has(2, 3)));
  BOOST_TEST((Blocks::all_but_last().has(1, 3) && Blocks::all_but_last().has(70, 72)));
  BOOST_TEST((Blocks::first(2).has(1, 3) && !Blocks::first(2).has(2, 3)));
  BOOST_TEST((!Blocks::first(2).has(64, 70)));
  BOOST_TEST(Blocks::only({0, 5}).name() == "0 5");
  BOOST_TEST(Blocks::first(0).name() == "none");
  BOOST_CHECK_THROW((void)Blocks::only({64}), InputError);
  prompt::Gated<2> policy;
  policy.gates = Blocks::only({1}), policy.temperatures = Blocks::only({0, 2});
  using Model = VisionTower<test::Tiny, prompt::Gated<2>>;
  Net<Model, Reference<double>> const net{Model{{.prompt = policy}}};
  std::string names;
  for (auto const& p : net.parameters())
    if (p.name.ends_with("logit") || p.name.ends_with("change.t")) names += p.name + ' ';
  BOOST_TEST(names ==
             "layers.0.attention.change.t layers.1.block_out.logit "
             "layers.2.attention.change.t ");
}

BOOST_AUTO_TEST_CASE(trained_counts_of_the_real_configurations) {
  static_assert(VisionTower<arch::ViT_B16, prompt::Gated<100>>::cost().trainable == 76'823);
  static_assert(
      VisionTower<arch::ViT_B16, prompt::Gated<100, GatedParts::gates>>::cost().trainable ==
      76'811);
  NetOf<prompt::Gated<2>> const net;
  Index gates = 0, temperatures = 0;
  for (auto const& p : net.parameters()) {
    gates += p.name.ends_with("logit") ? 1 : 0,
        temperatures += p.name.ends_with("change.t") ? 1 : 0;
    if (p.name.ends_with("logit")) BOOST_TEST(p.values.data[0] == -5);  // the code's sign
  }
  BOOST_TEST(gates == 2);
  BOOST_TEST(temperatures == 3);
}

BOOST_AUTO_TEST_SUITE_END()
