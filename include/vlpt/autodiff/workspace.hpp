#pragma once
#include <algorithm>
#include <utility>

#include "vlpt/autodiff/check_search.hpp"
#include "vlpt/autodiff/context.hpp"
#include "vlpt/autodiff/flow.hpp"
#include "vlpt/autodiff/grow_arenas.hpp"
#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/autodiff/room.hpp"
#include "vlpt/kernels/dry_run.hpp"
#include "vlpt/kernels/list_scope.hpp"

namespace vlpt {

/// The plan of one forward (and, for a flow that learns, backward) of a batch on backend B, without
/// the layers that a search leaves out.
template <class F, class Model, class B>
[[nodiscard]] MemoryPlan plan_memory(Model const& model, B const& backend, Index batch,
                                     bool training, SkipPlan const& skipped = {}) {
  using T = typename B::Scalar;
  typename Model::template Params<T> params{}, gradients{};
  using Train = typename Model::TrainFlow;
  PlaceParameters<T> place;
  visit_parameters<Train>(model, params, place);
  PlaceGradients<T> place_gradients;
  visit_parameters<Train>(model, gradients, place_gradients);
  typename Model::template Prepared<T> prepared;
  typename Model::template Cache<T, F> cache{};
  DryRun<B> const nothing(backend);
  Arena tape, scratch;
  Context<DryRun<B>> c{nothing, tape, scratch};
  c.training = training, c.plan = &skipped;
  auto const input = model.template blank<T>(batch);
  View<T> const out(nullptr, batch, model.output_width());
  model.template prepare<F>(c, params, prepared, batch);
  model.template forward<F>(c, params, prepared, typename Model::template Input<T>(input), out,
                            cache);
  if (training) {
    model.template backward<F>(c, params, prepared, cache, View<T const>(out), input, gradients);
    model.template prepare_backward<F>(c, params, prepared, gradients);
  }
  return {tape.peak(), scratch.peak()};
}

/// Memory and state of one thread that runs a const Net; every thread has its own.
template <class Model, class B>
class Workspace {
 public:
  using T = typename B::Scalar;

  /// Makes room for a batch, without the layers that are skipped; allocates only when it grows.
  void reserve(Model const& model, B const& backend, Index batch, SkipPlan const& skipped = {}) {
    if (batch <= capacity_ && skipped == skipped_) return;
    Index const most = std::max(batch, std::exchange(capacity_, 0));
    version_ = 0;  // prepared rows lived in the old tape
    grow_arenas(tape_, scratch_, most,
                [&](Index n) { return plan_memory<InferFlow>(model, backend, n, false, skipped); });
    capacity_ = most, skipped_ = skipped;
  }

  /// Runs f(context, prepared, cache) with everything that parameters alone decide computed once
  /// for each version of them.
  template <class P, class F>
  void run(Model const& model, B const& backend, P const& params, std::uint64_t version, Tap<T> tap,
           SkipPlan const& plan, F const& f) {
    DryRun<B> const machine(backend, false);
    if (version != version_) {
      version_ = 0;  // until all is prepared
      prepared_tape_ = Arena(tape_.data(), tape_.size());
      Arena scratch(scratch_.data(), scratch_.size());
      Context<DryRun<B>> c{machine, prepared_tape_, scratch};
      c.tap = tap, c.plan = &plan;
      ListScope const list(backend);
      model.template prepare<InferFlow>(c, params, prepared_, 1);
    }
    version_ = version;  // after the list
    Arena tape = prepared_tape_;
    Arena scratch(scratch_.data(), scratch_.size());
    Context<DryRun<B>> c{machine, tape, scratch};
    c.tap = tap, c.plan = &plan;
    f(c, prepared_, cache_);
  }
  /// Where outputs are written that the host can not read.
  [[nodiscard]] Room<T, B>& out() { return out_; }

 private:
  typename B::Memory tape_, scratch_;
  Room<T, B> out_;
  Arena prepared_tape_;
  typename Model::template Prepared<T> prepared_;
  typename Model::template Cache<T, InferFlow> cache_{};
  Index capacity_ = 0;
  SkipPlan skipped_{};
  std::uint64_t version_ = 0;
};

}  // namespace vlpt
