#pragma once
#include <functional>
#include <memory>
#include <string>

#include "../peers/vlpt/net_work.hpp"
#include "machine.hpp"
#include "vlpt/analysis/convention.hpp"
#include "vlpt/analysis/memory_needs.hpp"

namespace growth {

using vlpt::Index;
using vlpt::Shape;

/// What one run is: an inference with everything prepared, the same after a load (what parameters
/// alone decide is computed anew), or forward and reverse of training, without an optimizer.
enum class Kind { forward, load, step };

/// Something that can be run again and again, and what is known of it.
struct Subject {
  double macs = 0;          // of one run, as counted
  double fvcore = 0;        // of one inference, in the papers' convention, of the rows that run
  double counted_mib = 0;   // weights, and what a run takes beside them, as planned from its cost
  double measured_mib = 0;  // that became resident from an empty net until the second run
  std::function<void()> run;
};

/// The counts that cost_of() gives; of an inference alone where no step is asked for, because the
/// reverse would have to be compiled as well.
template <Kind kind, class Model>
[[nodiscard]] vlpt::Cost cost_for(Model const& model, Index batch) {
  if constexpr (kind == Kind::step) return vlpt::cost_of(model, batch);
  vlpt::Cost cost;
  vlpt::WorkByStage prepares, forwards;
  vlpt::CountingRun<Model> const run(model, batch);
  run.count_parameters(cost);
  run.infer(cost, prepares, forwards);
  return cost;
}

/// A net of its own with arbitrary weights. `data` owns the input: Data::operator()(net) ->
/// Net::Input. It has run twice when this returns.
template <Kind kind, class Model, class Data>
[[nodiscard]] Subject subject(typename Model::Settings const& settings, Index batch, Data data) {
  using Net = peers::NetOf<Model, float>;
  struct State {
    Data data;
    std::shared_ptr<Net> net{};
    vlpt::Tensor<float> out{};  // of a step: the gradient of the outputs
    typename Net::WorkspaceType room{};
    std::uint64_t step = 0;
  };
  auto const s = std::make_shared<State>(State{std::move(data)});
  double const before = resident_mib();
  s->net = peers::empty_net<Model, float>(settings);
  peers::fill_frozen(*s->net);
  s->out = peers::filled(Shape{batch, s->net->model().output_width()}, 3);

  vlpt::Cost const cost = cost_for<kind>(s->net->model(), batch);
  vlpt::MemoryNeeds const needs = vlpt::memory_needs(cost, 0);
  Subject out;
  out.macs = static_cast<double>(cost.forward.macs());
  if (kind != Kind::forward) out.macs += static_cast<double>(cost.prepare.macs());
  out.fvcore = static_cast<double>(vlpt::convention::fvcore(cost.forward) +
                                   vlpt::convention::fvcore(cost.prepare));
  if constexpr (kind == Kind::step) {
    out.macs += static_cast<double>(cost.backward_macs);
    out.counted_mib = in_mib(needs.to_train());
    out.run = [s] {
      (void)s->net->forward(s->data(*s->net), ++s->step);
      s->net->zero_gradients();
      s->net->backward(std::as_const(s->out).view());
    };
  } else {
    out.counted_mib = in_mib(needs.to_infer());
    s->room = s->net->workspace(batch);
    out.run = [s] {
      if (kind == Kind::load) s->net->touch_learnt();
      s->net->predict(s->data(*s->net), s->out.view(), s->room);
    };
  }
  out.run();
  out.run();
  out.measured_mib = resident_mib() - before;
  return out;
}

}  // namespace growth
