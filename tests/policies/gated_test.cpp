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
  every_block.gates = 3, every_block.temperature = 0.7;
  test::check_policy(every_block);
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
