#pragma once
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "models/tiny.hpp"
#include "policies/every_skip.hpp"
#include "vlpt/autodiff/gradcheck.hpp"

namespace vlpt::test {

/// A tiny tower under a policy, in plain loops, and what its step gives.
template <class Policy, class Skip, class Learn, class Rows>
class PolicyRun {
 public:
  using Model = VisionTower<Tiny, Policy, Skip, Learn, Rows>;
  using NetType = Net<Model, Reference<double>>;

  PolicyRun(Pool pool, double dropout, Policy const& policy, Skip const& skip)
      : net(model(pool, dropout, policy, skip)) {
    randomise(net);
    for (auto const& p : net.parameters())  // inside its range, where differences see a slope
      if (p.init.bounded()) p.values.data[0] = 1.3;
    net.touch();
    if constexpr (std::is_same_v<Skip, SearchedSkip>) net.skip(SkipPlan(3, {1}));
  }
  /// Outputs, then every learnt gradient.
  [[nodiscard]] std::vector<double> step() {
    auto const images = test::images<double>(2, net.model().facts);
    auto const out = net.forward(net.stream_of(images), 3);
    std::vector<double> all;
    for (Index i = 0; i < out.rows; ++i) all.insert(all.end(), out.row(i), out.row(i) + out.cols);
    auto const d_out = normal<double>(Shape{2, out.cols}, 2);
    net.zero_gradients();
    auto d_images = images;
    auto d = net.model().template blank<double>(2);
    d.data = d_images.data();
    net.backward(d_out.view(), d);
    all.insert(all.end(), d_images.values.begin(), d_images.values.end());
    all.insert(all.end(), net.gradients().begin(), net.gradients().end());
    return all;
  }
  NetType net;

 private:
  static Model model(Pool pool, double dropout, Policy const& policy, Skip const& skip) {
    typename Model::Settings s;
    s.facts.pool = pool, s.classes = 3, s.dropout = dropout, s.prompt = policy, s.skip = skip;
    if constexpr (requires { s.prompt.dropout; }) s.prompt.dropout = dropout;
    return Model(s);
  }
};

/// The largest difference of two steps, relative to their size.
[[nodiscard]] inline double distance(std::vector<double> const& a, std::vector<double> const& b) {
  BOOST_REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(a[i])));
  return worst;
}

/// Gradients of everything that the scope lets learn, under every pooling, with and without
/// dropout; and the live rows against all of them.
template <class Policy, class Skip = skip::Dense, class Learn = learn::Input<learn::Policy>>
void check_policy(Policy const& policy = {}, Skip const& skip = {}) {
  using Live = PolicyRun<Policy, Skip, Learn, rows::Live>;
  for (Pool pool : poolings<typename Live::Model>())
    for (double const dropout : {0.0, 0.25}) {
      Live live(pool, dropout, policy, skip);
      GradReport const report = gradcheck(live.net, images<double>(2, live.net.model().facts));
      BOOST_TEST(report.ok(1e-7), report);
      PolicyRun<Policy, Skip, Learn, rows::All> all(pool, dropout, policy, skip);
      BOOST_TEST(distance(live.step(), all.step()) < 1e-12);
    }
}

/// The same with every skip policy of DAS.
template <class Policy>
void check_policy_with_skips(Policy const& policy = {}) {
  every_skip(3, [&](auto const& skip) {
    check_policy<Policy, std::remove_cvref_t<decltype(skip)>>(policy, skip);
  });
}

/// Gradients alone of what learns under every skip policy of DAS.
template <class Policy, class Learn>
void check_gradients_with_skips(Policy const& policy = {}) {
  every_skip(3, [&](auto const& skip) {
    PolicyRun<Policy, std::remove_cvref_t<decltype(skip)>, Learn, rows::Live> run(
        Pool::mean_all, 0.25, policy, skip);
    GradReport const report = gradcheck(run.net, images<double>(2, run.net.model().facts));
    BOOST_TEST(report.ok(1e-7), skip.name << ": " << report);
  });
}

}  // namespace vlpt::test
