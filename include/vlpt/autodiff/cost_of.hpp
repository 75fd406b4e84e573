#pragma once
#include <vector>

#include "vlpt/autodiff/check_tasks.hpp"
#include "vlpt/autodiff/context.hpp"
#include "vlpt/autodiff/flow.hpp"
#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/core/cost.hpp"
#include "vlpt/kernels/counting.hpp"
#include "vlpt/kernels/nothing.hpp"

namespace vlpt {

/// What a model costs, found by running it on null views with a backend that only counts: at
/// compile time for sizes the compiler knows, and by the same function at run time for others.
/// Inference with everything that depends on parameters alone prepared; one training step beside
/// it. Where a model has tasks, all samples are of the first.
template <class Model>
[[nodiscard]] constexpr Cost cost_of(Model const& model, Index batch = 1) {
  using T = float;
  using B = Counting<Nothing<T>>;
  using Train = typename Model::TrainFlow;
  Cost cost;
  typename Model::template Params<T> params{}, gradients{};
  PlaceParameters<T> place;
  visit_parameters<Train>(model, params, place);
  PlaceGradients<T> place_gradients;
  visit_parameters<Train>(model, gradients, place_gradients);
  cost.params = place.frozen_count + place.learnt_count;
  cost.trainable = place.learnt_count;
  cost.weight_bytes = cost.params * static_cast<Index>(sizeof(T));

  auto const blank = model.template blank<T>(batch);
  typename Model::template Input<T> const input(blank);
  View<T> const out(nullptr, batch, model.output_width());
  std::vector<Index> const first_task(HasTasks<Model> ? static_cast<std::size_t>(batch) : 0);
  RowTasks const tasks{first_task.empty() ? nullptr : first_task.data()};
  {
    Arena tape, scratch;
    B const prepares(cost.prepare), runs(cost.forward);
    typename Model::template Prepared<T> prepared;
    typename Model::template Cache<T, InferFlow> cache{};
    Context<B> before{prepares, tape, scratch};
    model.template prepare<InferFlow>(before, params, prepared, batch);
    Context<B> context{runs, tape, scratch};
    context.tasks = tasks;
    model.template forward<InferFlow>(context, params, prepared, input, out, cache);
    cost.macs = cost.forward.macs();
    cost.workspace_bytes = static_cast<Index>(scratch.peak());
  }
  {
    Arena tape, scratch;
    Work ahead;
    B const forwards(ahead), reverses(cost.backward);
    typename Model::template Prepared<T> prepared;
    typename Model::template Cache<T, Train> cache{};
    Context<B> there{forwards, tape, scratch};
    there.tasks = tasks;
    there.training = true;  // with dropout, rows are projected for every sample
    model.template prepare<Train>(there, params, prepared, batch);
    model.template forward<Train>(there, params, prepared, input, out, cache);
    cost.saved_bytes = static_cast<Index>(tape.peak());
    Context<B> back{reverses, tape, scratch};
    back.training = true;
    back.tasks = tasks;
    model.template backward<Train>(back, params, prepared, cache, View<T const>(out), blank,
                                   gradients);
    model.template prepare_backward<Train>(back, params, prepared, gradients);
    cost.backward_macs = cost.backward.macs();
  }
  return cost;
}

}  // namespace vlpt
