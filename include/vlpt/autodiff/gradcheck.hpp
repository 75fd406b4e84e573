#pragma once
#include <limits>
#include <string>
#include <utility>

#include "vlpt/autodiff/grad_report.hpp"
#include "vlpt/autodiff/gradcheck_run.hpp"
#include "vlpt/autodiff/net.hpp"

namespace vlpt {

/// Whether backward is the reverse of forward, for the input and for every parameter of a module,
/// at random values in double; for the input also where the module is frozen, and for the
/// parameters also where nothing below learns. std::cout << gradcheck(MyModule{...}, {.width =
/// 16});
template <Module M>
[[nodiscard]] GradReport gradcheck(M const& module, GradcheckSettings const& settings = {}) {
  using Run = GradcheckRun<M>;
  Run run(module, settings);
  GradReport report;
  auto const value = [&run] { return run.value(); };
  std::uint64_t direction = 1000;
  auto const input = [&](std::string name) {
    report.compare(std::move(name), run.input, run.d_input, {settings.seed, ++direction},
                   settings.step, value);
  };
  auto const parameters = [&](std::string const& suffix) {
    for (auto const& r : run.parameters()) {
      if (!r.learns) continue;
      auto const first = static_cast<std::size_t>(run.offset(r));
      auto const size = static_cast<std::size_t>(r.shape.size());
      report.compare(r.name + suffix, std::span(run.learnt).subspan(first, size),
                     std::span<double const>(run.gradient).subspan(first, size),
                     {settings.seed, ++direction}, settings.step, value);
    }
  };
  run.template reverse<typename Run::Train>();
  input("input");
  parameters("");
  run.template reverse<typename Run::Frozen>();
  input("input, module frozen");
  run.template reverse<typename Run::Root>();
  parameters(", nothing below");
  return report;
}

/// Where a Net is checked: its input, where the gradient of it goes, and the values of both that
/// are moved and compared where the scope is learn::Input.
template <class NetType>
struct CheckedInput {
  typename NetType::Input input;
  typename NetType::InputGradient gradient;
  std::span<double> values;
  std::span<double const> slopes;
  std::span<Index const> tasks{};  // of the samples, where the model has tasks
};

/// The same for a whole model at its present values: every tensor that it learns, and the input
/// where the scope is learn::Input. Dropout draws as in step 0. requires a backend in double.
template <class Model, Backend B>
[[nodiscard]] GradReport gradcheck(Net<Model, B>& net, CheckedInput<Net<Model, B>> const& at,
                                   GradcheckSettings const& settings = {}) {
  static_assert(std::is_same_v<typename B::Scalar, double>,
                "gradcheck needs a backend in double: differences of floats are mostly rounding");
  auto const random = [&settings](std::uint64_t id) { return Random{settings.seed, id}; };
  DetachRecord<double> record;
  net.set_detach_record(&record);
  B const& backend = net.backend();
  Tensor<double> weights(Shape{at.input.batch, net.model().output_width()});
  for (Index i = 0; i < weights.size(); ++i)
    weights[i] = random(1).normal(static_cast<std::uint64_t>(i));
  auto learnt = fetched(backend, net.learnt());
  // A class of another task: it has no slope, and takes no gradient.
  constexpr double off = -std::numeric_limits<double>::infinity();
  auto const value = [&] {
    record.used = 0;
    bring(backend, std::span<double const>(learnt), net.learnt().data());
    auto const out = net.read(net.forward(at.input, at.tasks));
    double sum = 0;
    for (Index i = 0; i < out.size(); ++i)
      if (out[i] != off) sum += out[i] * weights[i];
    return sum;
  };
  (void)value();  // counts what is detached
  Room<double, B> detached;
  record = {detached.reserve(record.used), record.used};
  (void)value();
  net.zero_gradients();
  auto const d_out = net.d_out(at.input.batch);
  bring(backend, std::span<double const>(weights.values), d_out.data);
  net.backward(View<double const>(d_out), at.gradient);
  auto const gradients = fetched(backend, net.gradients());
  record.replaying = true;

  GradReport report;
  std::uint64_t direction = 1000;
  for (auto const& r : net.parameters()) {
    if (!r.learns) continue;
    auto const first = static_cast<std::size_t>(net.offset(r));
    auto const size = static_cast<std::size_t>(r.shape.size());
    report.compare(r.name, std::span(learnt).subspan(first, size),
                   std::span(gradients).subspan(first, size), random(++direction), settings.step,
                   value);
  }
  if constexpr (Net<Model, B>::Train::below)
    report.compare("images", at.values, at.slopes, random(++direction), settings.step, value);
  net.set_detach_record(nullptr);
  return report;
}

/// A model that reads images, at these.
template <class Model, Backend B>
[[nodiscard]] GradReport gradcheck(Net<Model, B>& net, Tensor<double> images,
                                   GradcheckSettings const& settings = {},
                                   std::span<Index const> tasks = {}) {
  Tensor<double> d_images(images.shape, std::numeric_limits<double>::quiet_NaN());
  auto gradient = net.model().template blank<double>(images.shape[0]);
  gradient.data = d_images.data();
  return gradcheck(net, {net.stream_of(images), gradient, images.values, d_images.values, tasks},
                   settings);
}

}  // namespace vlpt
