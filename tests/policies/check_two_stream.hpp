#pragma once
#include "models/tiny_two_stream.hpp"
#include "policies/check_policy.hpp"

namespace vlpt::test {

/// A tiny two-stream model under a policy, in plain loops, and what its step gives.
template <class Policy, class Skip, class Learn, class Rows>
class TwoStreamRun {
 public:
  using Model = TwoStream<TinyMeter, Policy, Skip, Learn, Rows>;
  using NetType = Net<Model, Reference<double>>;
  using Settings = typename Model::Settings;

  explicit TwoStreamRun(Settings const& s) : net(Model(s)), batch(2, s.images) {
    randomise(net);
    for (auto const& p : net.parameters())  // inside its range, where differences see a slope
      if (p.init.bounded()) p.values.data[0] = 1.3;
    net.touch();
    if constexpr (std::is_same_v<Skip, SearchedSkip>) net.skip(SkipPlan(4, {1, 2}));
  }
  /// Outputs, then every gradient.
  [[nodiscard]] std::vector<double> step() {
    auto const out = net.forward(batch.input(), 3);
    std::vector<double> all;
    for (Index i = 0; i < out.rows; ++i) all.insert(all.end(), out.row(i), out.row(i) + out.cols);
    net.zero_gradients();
    net.backward(normal<double>(Shape{out.rows, out.cols}, 2).view());
    all.insert(all.end(), net.gradients().begin(), net.gradients().end());
    return all;
  }
  [[nodiscard]] GradReport check() {
    return gradcheck(net, CheckedInput<NetType>{batch.input(), {}, {}, {}});
  }
  NetType net;
  PairBatch batch;
};

/// Gradients of everything that the scope lets learn, for each kind of output, with and without
/// dropout; and the live rows against all of them.
template <class Policy, class Skip = skip::Dense, class Learn = learn::Policy>
void check_two_stream(Policy const& policy = {}, Skip const& skip = {}) {
  using Live = TwoStreamRun<Policy, Skip, Learn, rows::Live>;
  using All = TwoStreamRun<Policy, Skip, Learn, rows::All>;
  for (int const kind : {0, 1, 2})
    for (double const dropout : {0.0, 0.25}) {
      auto const settings = [&]<class S>(S s) {
        s.prompt = policy, s.skip = skip, s.dropout = dropout;
        if constexpr (requires { s.prompt.dropout; }) s.prompt.dropout = dropout;
        s.every_row = kind == 0;
        if (kind == 1) s.classes = 3, s.head_hidden = 6, s.images = 2;  // as NLVR2
        if (kind == 2) s.classes = 1, s.replaces_first = false;         // as ranking
        return s;
      };
      Live live(settings(typename Live::Settings{}));
      GradReport const report = live.check();
      BOOST_TEST(report.ok(1e-7), "output " << kind << ": " << report);
      All all(settings(typename All::Settings{}));
      BOOST_TEST(distance(live.step(), all.step()) < 1e-12);
    }
}

/// Gradients alone, of every row with dropout and of a head.
template <class Policy, class Skip, class Learn = learn::Policy>
void check_two_stream_gradients(Policy const& policy = {}, Skip const& skip = {}) {
  using Run = TwoStreamRun<Policy, Skip, Learn, rows::Live>;
  for (bool const head : {false, true}) {
    typename Run::Settings s{};
    s.prompt = policy, s.skip = skip, s.every_row = !head, s.classes = head ? 3 : 0;
    s.dropout = head ? 0 : 0.25;
    if constexpr (requires { s.prompt.dropout; }) s.prompt.dropout = s.dropout;
    Run run(s);
    GradReport const report = run.check();
    BOOST_TEST(report.ok(1e-7), skip.name << ": " << report);
  }
}
template <class Policy, class Learn = learn::Policy>
void check_two_stream_with_skips(Policy const& policy = {}) {
  every_skip(4, [&](auto const& skip) {
    check_two_stream_gradients<Policy, std::remove_cvref_t<decltype(skip)>, Learn>(policy, skip);
  });
}

}  // namespace vlpt::test
