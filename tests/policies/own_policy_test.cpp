// Policies of a test's own, one at each site of a block: nothing in the library knows them.
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "blocks/own_sites.hpp"
#include "models/tiny.hpp"
#include "vlpt/autodiff/gradcheck.hpp"

using namespace vlpt;

namespace {

template <class Policy, class Learn, class Rows>
using NetOf = Net<VisionTower<test::Tiny, Policy, skip::Dense, Learn, Rows>, Reference<double>>;
using Policies = boost::mpl::list<test::ScalesAttention, test::BesideMlp, test::Gated, test::Turned,
                                  test::Ends, test::Everywhere>;

template <class NetType>
NetType made(Pool pool, double dropout) {
  using Model = std::remove_cvref_t<decltype(std::declval<NetType>().model())>;
  NetType net(test::tower<Model>(pool, dropout));
  test::randomise(net);
  return net;
}
template <class NetType>
std::vector<double> step(NetType net) {
  auto const images = test::images<double>(2, net.model().facts);
  auto const out = net.forward(net.stream_of(images), 3);
  std::vector<double> all;
  for (Index i = 0; i < out.rows; ++i) all.insert(all.end(), out.row(i), out.row(i) + out.cols);
  auto const d_out = test::normal<double>(Shape{2, out.cols}, 2);
  net.zero_gradients();
  auto d_images = images;
  auto const& f = net.model().facts;
  net.backward(d_out.view(), {d_images.data(), 2, f.channels * f.image, f.image});
  all.insert(all.end(), d_images.values.begin(), d_images.values.end());
  all.insert(all.end(), net.gradients().begin(), net.gradients().end());
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(own_policy)

template <class Policy, class Learn>
void check(std::size_t at_least) {
  for (Pool pool : {Pool::class_row, Pool::mean_all, Pool::mean_image})
    for (double const dropout : {0.0, 0.25}) {
      auto live = made<NetOf<Policy, Learn, rows::Live>>(pool, dropout);
      GradReport const report = gradcheck(live, test::images<double>(2, live.model().facts));
      BOOST_TEST(report.ok(1e-7), report);
      BOOST_TEST(report.count() >= at_least);
      auto const a = step(std::move(live));
      auto const b = step(made<NetOf<Policy, Learn, rows::All>>(pool, dropout));
      BOOST_REQUIRE(a.size() == b.size());
      double worst = 0;
      for (std::size_t i = 0; i < a.size(); ++i)
        worst = std::max(worst, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(a[i])));
      BOOST_TEST(worst < 1e-12);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gradients_and_live_rows, Policy, Policies) {
  check<Policy, learn::Policy>(2 + 2);
  check<Policy, learn::Input<learn::All>>(2 + 2 + 3 * 12);
  check<Policy, learn::Paths<"layers.norm2", "layers.attention.out">>(2 + 2 + 3 * 4);
}

BOOST_AUTO_TEST_CASE(its_tensors_are_named_and_learn) {
  auto const net = made<NetOf<test::Everywhere, learn::Policy, rows::Live>>(Pool::class_row, 0);
  std::vector<std::string> names;
  for (auto const& p : net.parameters())
    if (p.learns && (p.name.starts_with("layers.2.") || p.name.starts_with("prompt")))
      names.push_back(p.name);
  std::vector<std::string> const expected{"layers.2.attention.change.t",
                                          "layers.2.attention.change.weight",
                                          "layers.2.attention_out.weight",
                                          "layers.2.attention_out.bias",
                                          "layers.2.attention_end.w",
                                          "layers.2.mlp_out.gate",
                                          "layers.2.mlp_end.weight",
                                          "layers.2.block_out.weight",
                                          "prompt.rows"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
