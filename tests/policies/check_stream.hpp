#pragma once
#include "models/tiny_stream.hpp"
#include "policies/check_policy.hpp"

namespace vlpt::test {

/// A tiny single-stream model under a policy, in plain loops, and what its step gives.
template <class Policy, class Skip, class Learn, class Rows>
class StreamPolicyRun {
 public:
  using Model = SingleStream<TinyStream, Policy, Skip, Learn, Rows>;
  using NetType = Net<Model, Reference<double>>;
  using Settings = typename Model::Settings;

  StreamPolicyRun(Settings const& s) : net(Model(s)), batch(2, s.images) {
    randomise(net);
    for (auto const& p : net.parameters())  // inside its range, where differences see a slope
      if (p.init.bounded()) p.values.data[0] = 1.3;
    net.touch();
    if constexpr (std::is_same_v<Skip, SearchedSkip>) net.skip(SkipPlan(3, {1}));
  }
  /// Outputs, then every gradient.
  [[nodiscard]] std::vector<double> step() {
    auto const out = net.forward(batch.input(), 3);
    std::vector<double> all;
    for (Index i = 0; i < out.rows; ++i) all.insert(all.end(), out.row(i), out.row(i) + out.cols);
    auto const d_out = normal<double>(Shape{out.rows, out.cols}, 2);
    net.zero_gradients();
    net.backward(d_out.view(), batch.gradient());
    all.insert(all.end(), batch.d_pixels.values.begin(), batch.d_pixels.values.end());
    all.insert(all.end(), net.gradients().begin(), net.gradients().end());
    return all;
  }
  [[nodiscard]] GradReport check() {
    return gradcheck(
        net, CheckedInput<NetType>{batch.input(), batch.gradient(), batch.moved(), batch.slopes()});
  }
  NetType net;
  StreamBatch batch;
};

/// Gradients of everything that the scope lets learn, for each kind of output, with and without
/// dropout; and the live rows against all of them.
template <class Policy, class Skip = skip::Dense, class Learn = learn::Input<learn::Policy>>
void check_stream(Policy const& policy = {}, Skip const& skip = {}) {
  using Live = StreamPolicyRun<Policy, Skip, Learn, rows::Live>;
  using All = StreamPolicyRun<Policy, Skip, Learn, rows::All>;
  for (int const kind : {0, 1, 2})
    for (double const dropout : {0.0, 0.25}) {
      typename Live::Settings s{};
      s.prompt = policy, s.skip = skip, s.dropout = dropout;
      if constexpr (requires { s.prompt.dropout; }) s.prompt.dropout = dropout;
      if (kind == 0) s.every_row = true;
      if (kind == 1) s.classes = 3, s.head_hidden = 6, s.images = 2;  // as NLVR2
      if (kind == 2) s.classes = 1, s.replaces_first = false;         // as ranking
      Live live(s);
      GradReport const report = live.check();
      BOOST_TEST(report.ok(1e-7), "output " << kind << ": " << report);
      typename All::Settings same{};
      same.prompt = policy, same.skip = skip, same.dropout = dropout;
      same.prompt = s.prompt, same.every_row = s.every_row, same.classes = s.classes;
      same.head_hidden = s.head_hidden, same.images = s.images;
      same.replaces_first = s.replaces_first;
      All all(same);
      BOOST_TEST(distance(live.step(), all.step()) < 1e-12);
    }
}

/// Gradients alone, of every row with dropout and of a head.
template <class Policy, class Skip, class Learn = learn::Input<learn::Policy>>
void check_stream_gradients(Policy const& policy = {}, Skip const& skip = {}) {
  using Run = StreamPolicyRun<Policy, Skip, Learn, rows::Live>;
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
template <class Policy, class Learn = learn::Input<learn::Policy>>
void check_stream_with_skips(Policy const& policy = {}) {
  every_skip(3, [&](auto const& skip) {
    check_stream_gradients<Policy, std::remove_cvref_t<decltype(skip)>, Learn>(policy, skip);
  });
}

}  // namespace vlpt::test
