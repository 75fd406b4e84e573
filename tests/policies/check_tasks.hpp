#pragma once
#include <algorithm>
#include <string>

#include "policies/check_policy.hpp"
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/policies/prompt/per_task.hpp"

namespace vlpt::test {

/// Three tasks of 2, 3 and 1 classes, whose prompts have settings of their own.
template <class Inner>
[[nodiscard]] prompt::PerTask<Inner> three_tasks(Inner a, Inner b, Inner c) {
  return {{{"pets", 2, a}, {"food", 3, b}, {"cars", 1, c}}};
}

/// Tiny images of a vision tower; some of a batch's samples, so that tasks can run on their own.
struct ImageFamily {
  template <class Policy, class Skip, class Learn, class Rows>
  using Model = VisionTower<Tiny, Policy, Skip, Learn, Rows>;

  struct Batch {
    Tensor<double> pixels, d_pixels;
    explicit Batch(std::vector<Index> const& samples)
        : pixels(Shape{static_cast<Index>(samples.size()), 2, 8, 8}), d_pixels(pixels.shape) {
      auto const all = normal<double>(Shape{8, 2, 8, 8}, 1);
      Index const each = 2 * 8 * 8;
      for (std::size_t i = 0; i < samples.size(); ++i)
        std::copy_n(all.data() + samples[i] * each, each,
                    pixels.data() + static_cast<Index>(i) * each);
    }
    [[nodiscard]] Stream<double const> input() const {
      return {pixels.data(), pixels.shape[0], 2 * 8, 8};
    }
    [[nodiscard]] Stream<double> gradient() { return {d_pixels.data(), pixels.shape[0], 2 * 8, 8}; }
    [[nodiscard]] std::span<double> moved() { return pixels.values; }
    [[nodiscard]] std::span<double const> slopes() const { return d_pixels.values; }
  };
  template <class Settings>
  static void classes_alone(Settings& s, Index, Index count) {
    s.classes = count;
  }
};

/// The tasks of a batch's samples, not sorted.
inline std::vector<Index> const mixed{1, 0, 1, 1, 2, 0};

/// A net with values that depend on the names of its tensors alone.
template <class Model, class B>
[[nodiscard]] Net<Model, B> named_net(Model model, B backend = B{}) {
  Net<Model, B> net(std::move(model), {}, std::move(backend));
  for (auto const& p : net.parameters()) {
    std::string name = p.name;
    std::uint64_t id = 7;
    for (char const ch : name) id = id * 31 + static_cast<unsigned char>(ch);
    Random const r{79, id};
    bool const gain = p.shape.rank == 1 && p.name.ends_with("weight");
    for (Index i = 0; i < p.shape.size(); ++i)
      p.values.data[i] = (gain ? 1.0 : 0.0) + 0.4 * r.normal(static_cast<std::uint64_t>(i));
    if (p.init.bounded()) p.values.data[0] = 1.3;  // inside its range, where there is a slope
  }
  net.touch();
  return net;
}

/// The name of a tensor without the task that it belongs to; which task that is, or -1.
struct TaskName {
  std::string plain;
  Index task = -1;
  TaskName(std::string const& name, Tasks const& tasks) : plain(name) {
    for (Index t = 0; t < tasks.size(); ++t) {
      std::string const part = "." + tasks.names[static_cast<std::size_t>(t)] + ".";
      if (auto const at = plain.find(part); at != std::string::npos)
        plain.replace(at, part.size(), "."), task = t;
    }
  }
};

/// A mixed batch in one pass against one pass of each task with a net of its own: outputs, and the
/// gradients of everything that learns.
template <class Family, class Inner, class Rows, class Skip = skip::Dense,
          class Learn = learn::Policy, class B = Reference<double>>
void check_against_one_pass_a_task(prompt::PerTask<Inner> const& policy, auto const& change) {
  using Many = typename Family::template Model<prompt::PerTask<Inner>, Skip, Learn, Rows>;
  using One = typename Family::template Model<Inner, Skip, Learn, Rows>;
  typename Many::Settings s{};
  s.prompt = policy, s.dropout = 0;
  change(s);
  auto net = named_net<Many, B>(Many(s));
  Tasks const& tasks = net.model().tasks;
  std::vector<Index> everyone;
  for (std::size_t i = 0; i < mixed.size(); ++i) everyone.push_back(static_cast<Index>(i));
  typename Family::Batch all(everyone);
  auto const d_out = normal<double>(Shape{static_cast<Index>(mixed.size()), tasks.classes()}, 2);
  auto const out = net.forward(all.input(), mixed);
  net.zero_gradients();
  net.backward(d_out.view(), all.gradient());

  auto const workspace_size = static_cast<Index>(mixed.size());
  Tensor<double> predicted(d_out.shape);
  auto work = std::as_const(net).workspace(workspace_size);
  std::as_const(net).predict(all.input(), mixed, predicted.view(), work);

  std::vector<double> rest(net.gradients().begin(), net.gradients().end());  // less each task's
  for (Index t = 0; t < tasks.size(); ++t) {
    std::vector<Index> own;
    for (Index i : everyone)
      if (mixed[static_cast<std::size_t>(i)] == t) own.push_back(i);
    Index const first = tasks.start(t), classes = tasks.end(t) - first;
    typename One::Settings alone{};
    alone.prompt = policy.tasks[static_cast<std::size_t>(t)].prompt, alone.dropout = 0;
    change(alone);
    Family::classes_alone(alone, first, classes);
    Net<One, B> single{One(alone)};
    auto const many = net.parameters();
    for (auto const& p : single.parameters()) {
      auto const at = std::find_if(many.begin(), many.end(), [&](auto const& r) {
        TaskName const name(r.name, tasks);
        return name.plain == p.name && (name.task == t || name.task < 0);
      });
      BOOST_REQUIRE_MESSAGE(at != many.end(), p.name);
      BOOST_REQUIRE(at->shape == p.shape);
      std::copy_n(at->values.data, p.shape.size(), p.values.data);
    }
    single.touch();
    typename Family::Batch some(own);
    Tensor<double> d(Shape{static_cast<Index>(own.size()), classes});
    for (std::size_t i = 0; i < own.size(); ++i)
      for (Index k = 0; k < classes; ++k)
        d.view()(static_cast<Index>(i), k) = d_out.view()(own[i], first + k);
    auto const one = single.forward(some.input());
    single.zero_gradients();
    single.backward(std::as_const(d).view(), some.gradient());
    double worst = 0;
    for (std::size_t i = 0; i < own.size(); ++i)
      for (Index k = 0; k < tasks.classes(); ++k) {
        bool const mine = k >= first && k < first + classes;
        double const expected =
            mine ? one(static_cast<Index>(i), k - first) : -std::numeric_limits<double>::infinity();
        if (mine) {
          worst = std::max(worst, std::abs(out(own[i], k) - expected));
          worst = std::max(worst, std::abs(predicted.view()(own[i], k) - expected));
        } else {
          BOOST_TEST(out(own[i], k) == expected);
        }
      }
    BOOST_TEST(worst < 1e-12, "outputs of task " << t);
    if constexpr (Net<Many, B>::Train::below)
      for (std::size_t i = 0; i < own.size(); ++i) {
        Index const each = all.d_pixels.size() / workspace_size;
        for (Index v = 0; v < each; ++v)
          worst = std::max(worst, std::abs(all.d_pixels[own[i] * each + v] -
                                           some.d_pixels[static_cast<Index>(i) * each + v]));
      }
    BOOST_TEST(worst < 1e-11, "gradients of the images of task " << t);
    for (auto const& p : single.parameters()) {
      if (!p.learns) continue;
      auto const at = std::find_if(many.begin(), many.end(), [&](auto const& r) {
        TaskName const name(r.name, tasks);
        return name.plain == p.name && (name.task == t || name.task < 0);
      });
      auto const to = static_cast<std::size_t>(net.offset(*at));
      auto const from = static_cast<std::size_t>(single.offset(p));
      for (std::size_t i = 0; i < static_cast<std::size_t>(p.shape.size()); ++i)
        rest[to + i] -= single.gradients()[from + i];
    }
  }
  double left = 0, largest = 1;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    left = std::max(left, std::abs(rest[i]));
    largest = std::max(largest, std::abs(net.gradients()[i]));
  }
  BOOST_TEST(left / largest < 1e-12, "gradients differ from one pass a task by " << left);
}

/// Gradients of a mixed batch against differences, with dropout drawn in every place.
template <class Family, class Inner, class Rows = rows::Live, class Skip = skip::Dense,
          class Learn = learn::Input<learn::Policy>>
void check_gradients_of_tasks(prompt::PerTask<Inner> const& policy, auto const& change,
                              double dropout, SkipPlan const& plan = {}) {
  using Model = typename Family::template Model<prompt::PerTask<Inner>, Skip, Learn, Rows>;
  using NetType = Net<Model, Reference<double>>;
  typename Model::Settings s{};
  s.prompt = policy, s.dropout = dropout;
  if constexpr (requires { s.prompt.tasks[0].prompt.dropout; })
    for (auto& t : s.prompt.tasks) t.prompt.dropout = dropout;
  change(s);
  auto net = named_net<Model, Reference<double>>(Model(s));
  net.skip(plan);
  std::vector<Index> const tasks{1, 0, 1};
  typename Family::Batch batch({0, 1, 2});
  CheckedInput<NetType> at{batch.input(), {}, {}, {}, tasks};
  if constexpr (NetType::Train::below)
    at.gradient = batch.gradient(), at.values = batch.moved(), at.slopes = batch.slopes();
  GradReport const report = gradcheck(net, at);
  BOOST_TEST(report.ok(1e-7), report);
}

}  // namespace vlpt::test
