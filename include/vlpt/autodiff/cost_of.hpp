#pragma once
#include <vector>

#include "vlpt/autodiff/check_tasks.hpp"
#include "vlpt/autodiff/context.hpp"
#include "vlpt/autodiff/flow.hpp"
#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/core/cost.hpp"
#include "vlpt/core/real.hpp"
#include "vlpt/kernels/counting.hpp"
#include "vlpt/kernels/nothing.hpp"

namespace vlpt {

/// Runs a model on null views with a backend that only counts: that is how a cost is known before
/// anything runs, at compile time for sizes the compiler knows and by the same code for others, and
/// why it is the cost of what runs. Where a model has tasks, all samples are of the first.
template <class Model, Real Scalar = float>
class CountingRun {
 public:
  using T = Scalar;
  using B = Counting<Nothing<T>>;
  using Train = typename Model::TrainFlow;

  constexpr CountingRun(Model const& model, Index batch)
      : model_(model),
        batch_(batch),
        blank_(model.template blank<T>(batch)),
        out_(nullptr, batch, model.output_width()),
        first_task_(HasTasks<Model> ? static_cast<std::size_t>(batch) : 0) {
    visit_parameters<Train>(model_, params_, place_);
  }

  /// Parameters, and which of them learn.
  constexpr void count_parameters(Cost& cost) const {
    cost.params = place_.frozen_count + place_.learnt_count;
    cost.trainable = place_.learnt_count;
    cost.weight_bytes = cost.params * static_cast<Index>(sizeof(T));
  }
  /// One inference, and what is prepared for all of them.
  constexpr void infer(Cost& cost, WorkByStage& prepares, WorkByStage& forwards) const {
    Arena tape, scratch;
    B const first(cost.prepare, prepares), then(cost.forward, forwards);
    typename Model::template Prepared<T> prepared;
    typename Model::template Cache<T, InferFlow> cache{};
    Context<B> before{first, tape, scratch}, context{then, tape, scratch};
    context.tasks = tasks();
    model_.template prepare<InferFlow>(before, params_, prepared, batch_);
    typename Model::template Input<T> const input(blank_);
    model_.template forward<InferFlow>(context, params_, prepared, input, out_, cache);
    prepares.end(cost.prepare), forwards.end(cost.forward);
    for (auto const& part : prepares.parts())
      if (!part.path.empty() && part.path.front().part == "text") cost.texts += part.work;
    cost.macs = cost.forward.macs() + cost.texts.macs();
    cost.bytes_moved =
        (cost.forward.moved_elements + cost.texts.moved_elements) * static_cast<Index>(sizeof(T));
    cost.workspace_bytes = static_cast<Index>(scratch.peak());
    cost.prepared_bytes = static_cast<Index>(tape.peak());
  }
  /// One step of training: what its forward keeps, and its reverse.
  constexpr void train(Cost& cost, WorkByStage& keeps, WorkByStage& reverses) const {
    Arena tape, scratch;
    keeps.watch(tape);
    typename Model::template Params<T> gradients{};
    PlaceGradients<T> place;
    visit_parameters<Train>(model_, gradients, place);
    Work ahead;
    B const forwards(ahead, keeps), back(cost.backward, reverses);
    typename Model::template Prepared<T> prepared;
    typename Model::template Cache<T, Train> cache{};
    Context<B> there{forwards, tape, scratch}, context{back, tape, scratch};
    there.tasks = context.tasks = tasks();
    there.training = context.training = true;  // with dropout, rows are projected for every sample
    model_.template prepare<Train>(there, params_, prepared, batch_);
    typename Model::template Input<T> const input(blank_);
    model_.template forward<Train>(there, params_, prepared, input, out_, cache);
    keeps.end(ahead);
    cost.saved_bytes = static_cast<Index>(tape.mark());
    model_.template backward<Train>(context, params_, prepared, cache, View<T const>(out_), blank_,
                                    gradients);
    model_.template prepare_backward<Train>(context, params_, prepared, gradients);
    reverses.end(cost.backward);
    cost.training_workspace_bytes =
        static_cast<Index>(scratch.peak() + tape.peak()) - cost.saved_bytes;
    cost.backward_macs = cost.backward.macs();
  }

 private:
  [[nodiscard]] constexpr RowTasks tasks() const {
    return {first_task_.empty() ? nullptr : first_task_.data()};
  }

  Model const& model_;
  Index batch_;
  typename Model::template InputGradient<T> blank_;
  View<T> out_;
  std::vector<Index> first_task_;
  typename Model::template Params<T> params_{};
  PlaceParameters<T> place_;
};

/// What a model costs: inference with everything that depends on parameters alone prepared, and
/// one training step beside it. constexpr. Bytes are of values of Scalar: bf16 for a net of halves.
template <Real Scalar = float, class Model>
[[nodiscard]] constexpr Cost cost_of(Model const& model, Index batch = 1) {
  Cost cost;
  WorkByStage prepares, forwards, keeps, reverses;
  CountingRun<Model, Scalar> const run(model, batch);
  run.count_parameters(cost);
  run.infer(cost, prepares, forwards);
  run.train(cost, keeps, reverses);
  return cost;
}

}  // namespace vlpt
