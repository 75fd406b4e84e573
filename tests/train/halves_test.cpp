// Nets of halves, by the kernels of the emulated device: as near to those of doubles as halves can
// be, and trained from values that are not rounded.
#include <boost/test/unit_test.hpp>

#include "apart.hpp"
#include "io/scratch.hpp"
#include "losses.hpp"
#include "models/tiny.hpp"
#include "train/tiny_run.hpp"
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/delta.hpp"
#include "vlpt/kernels/cuda/host_machine.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/train/sgd.hpp"

using namespace vlpt;

namespace {

using Emulated = test::Apart<EmulatedCuda<bf16>>;
using test::all_of;
using test::Levels;
using test::tiny_preprocess;

static_assert(Backend<Emulated> && Trains<Emulated> && trains_itself<Emulated>);

/// The length of a - b over that of b.
template <class A, class C>
double distance(A const& a, C const& b) {
  double apart = 0, all = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    double const wanted = static_cast<double>(b[i]), error = static_cast<double>(a[i]) - wanted;
    apart += error * error, all += wanted * wanted;
  }
  return std::sqrt(apart / all);
}

/// Three values of 1 and their gradients of 1 in a backend's memory.
class Three {
 public:
  explicit Three(Emulated const& backend) : backend_(backend) {
    backend.fill({values_.reserve(3), 1, 1, 3}, bf16(1));
    backend.fill({gradients_.reserve(3), 1, 1, 3}, bf16(1));
  }
  void step(auto& optimizer, double rate) {
    optimizer.step(span(values_), std::span<bf16 const>(span(gradients_)), rate);
  }
  [[nodiscard]] float value(std::size_t i) const { return fetched(backend_, span(values_))[i]; }
  void write(std::size_t i, float value) {
    bf16 const half(value);
    bring(backend_, std::span(&half, 1), values_.data() + i);
  }

 private:
  using Values = Room<bf16, Emulated>;
  static std::span<bf16> span(Values const& of) { return {of.data(), 3}; }

  Emulated backend_;
  Values values_, gradients_;
};
std::vector<ParameterGroup> const all{{.name = "all", .offset = 0, .count = 3}};

/// Ends a run after its first epoch.
struct Kill {
  static constexpr Event events = Event::epoch;
  void on_epoch(EpochSummary const&) { throw RunError("killed"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(halves)

BOOST_AUTO_TEST_CASE(a_prompted_tower_is_near_that_of_doubles) {
  using Model = VisionTower<test::Tiny, prompt::Deep<2>>;
  Net<Model, Emulated> net(test::tower<Model>(Pool::mean_all, 0.25, 0.25));
  Net<Model, Reference<double>> truth(test::tower<Model>(Pool::mean_all, 0.25, 0.25));
  test::randomise(net), test::randomise(truth);
  for (auto const& r : truth.parameters()) {
    auto values = truth.read(r);
    for (double& v : values) v = static_cast<double>(bf16(v));
    truth.write(r, values);
  }
  truth.touch();
  auto const images = test::images<bf16>(3, net.model().facts);
  Tensor<double> exact(images.shape);
  std::copy(images.values.begin(), images.values.end(), exact.values.begin());
  auto const found = net.read(net.forward(net.stream_of(images), 3));
  auto const expected = truth.read(truth.forward(truth.stream_of(exact), 3));
  BOOST_TEST(distance(found.values, expected.values) < 0.01);
  BOOST_TEST(distance(found.values, expected.values) > 1e-5);
  Tensor<bf16> slope(expected.shape);
  Tensor<double> exact_slope(expected.shape);
  for (Index i = 0; i < slope.size(); ++i)
    slope[i] = bf16(i % 5 - 2), exact_slope[i] = static_cast<double>(i % 5 - 2);
  test::backward(net, slope), test::backward(truth, exact_slope);
  auto const gradients = fetched(net.backend(), net.gradients());
  BOOST_TEST(distance(gradients, truth.gradients()) < 0.02);
}

// A step far smaller than what a half of 1 can tell: lost in halves, kept in what they came from.
// A step far smaller than what a half of 1 can tell: lost in halves, kept in what they came from.
BOOST_AUTO_TEST_CASE(small_steps_add_up) {
  Emulated const backend;
  Three adamw(backend), sgd(backend);
  AdamW<bf16, Emulated> by_adamw(all, {.weight_decay = 0}, backend);
  SGD<bf16, Emulated> by_sgd(all, {.momentum = 0}, backend);
  for (int i = 0; i < 10; ++i) adamw.step(by_adamw, 1e-4);
  BOOST_TEST(adamw.value(2) == 1);
  for (int i = 0; i < 90; ++i) adamw.step(by_adamw, 1e-4);
  for (int i = 0; i < 100; ++i) sgd.step(by_sgd, 1e-4);
  BOOST_TEST(std::abs(adamw.value(2) - 0.99F) < 0.002F);
  BOOST_TEST(std::abs(sgd.value(2) - 0.99F) < 0.002F);
}

BOOST_AUTO_TEST_CASE(a_value_that_was_written_holds) {
  Emulated const backend;
  Three three(backend);
  SGD<bf16, Emulated> sgd(all, {.momentum = 0}, backend);
  three.step(sgd, 1e-3), three.step(sgd, 1e-3);
  three.write(1, -4);
  three.step(sgd, 1e-3);
  auto const master = sgd.state().back();
  BOOST_TEST(master.first == "master");
  auto const exact = fetched(backend, master.second);
  BOOST_TEST(std::abs(exact[0] - 0.997F) < 1e-6F);
  BOOST_TEST(std::abs(exact[1] + 4.001F) < 1e-6F);
  BOOST_TEST(three.value(1) == -4);
}

// Half of what floats take, but for the statistics of rows.
BOOST_AUTO_TEST_CASE(costs_are_those_of_halves) {
  VisionTower<test::Tiny, prompt::Deep<2>> const model;
  Cost const halves = cost_of<bf16>(model, 4), floats = cost_of(model, 4);
  BOOST_TEST(2 * halves.weight_bytes == floats.weight_bytes);
  BOOST_TEST(2 * halves.bytes_moved == floats.bytes_moved);
  BOOST_TEST(halves.macs == floats.macs);
  BOOST_TEST(2 * halves.saved_bytes > floats.saved_bytes);
  BOOST_TEST(halves.saved_bytes < floats.saved_bytes);
}

// A backbone's file; a delta that was learnt in halves and is read in floats, and the other way.
BOOST_AUTO_TEST_CASE(files_are_those_of_floats) {
  using Model = VisionTower<arch::TinyViTMae, prompt::Deep<4>>;
  auto const folder = io::ModelFolder::open(VLPT_SOURCE_DIR "/examples/models/tiny-vit-mae");
  Net<Model, Emulated> halves(Model{{.classes = 10}}, {.seed = 1});
  Net<Model, Cpu<float>> floats(Model{{.classes = 10}}, {.seed = 2});
  io::bind(halves, folder), io::bind(floats, folder);
  auto const images = test::images<bf16>(2, halves.model().facts);
  Tensor<float> exact(images.shape);
  std::copy(images.values.begin(), images.values.end(), exact.values.begin());
  auto const apart = [&] { return distance(halves(images).values, floats(exact).values); };
  BOOST_TEST(apart() > 0.1);
  test::Scratch const scratch;
  auto const path = scratch.path() / "one.delta";
  io::save_delta(path, halves), io::load_delta(path, floats);
  BOOST_TEST(apart() < 0.03);
  floats.initialise(), io::bind(floats, folder);
  BOOST_TEST(apart() > 0.1);
  io::save_delta(path, floats), io::load_delta(path, halves);
  BOOST_TEST(apart() < 0.03);
  for (auto const& r : floats.parameters())
    if (r.name == "layers.3.mlp.fc1.weight") r.values(0, 0) += 0.1F;
  floats.touch(), io::save_delta(path, floats);
  BOOST_CHECK_THROW(io::load_delta(path, halves), CheckpointError);
  io::save_delta(path, halves);
  BOOST_CHECK_THROW(io::load_delta(path, floats), CheckpointError);
}

BOOST_AUTO_TEST_CASE(a_run_is_gone_on_with_where_it_ended) {
  using Model = test::TinyModel<prompt::Deep<2>>;
  Levels const data(18);
  FitSettings s{.epochs = 3, .batch = 6, .learning_rate = 1e-2, .clip = 0.5};
  auto const fitted = [&](auto&... watching) {
    Examples<bf16, Levels> train(data, all_of(data), tiny_preprocess());
    Net<Model, Emulated> net(Model{{.classes = 3}}, {.seed = 3});
    auto optimizer = adamw_of(net, groups_of(net));
    auto const curve = fit(net, optimizer, train, s, watching...);
    BOOST_TEST(curve.back().train_loss < curve.front().train_loss);
    std::vector<float> left;
    for (bf16 const v : fetched(net.backend(), net.learnt())) left.push_back(v);
    for (auto const& [name, span] : optimizer.state()) {
      auto const values = fetched(net.backend(), span);
      left.insert(left.end(), values.begin(), values.end());
    }
    return left;
  };
  auto const whole = fitted();
  test::Scratch const scratch;
  s.folder = scratch.path();
  Kill kill;
  BOOST_CHECK_THROW((void)fitted(kill), RunError);
  s.resume = true;
  BOOST_TEST((fitted() == whole));
}

BOOST_AUTO_TEST_SUITE_END()
