#pragma once
#include "vlpt/autodiff/module.hpp"
#include "vlpt/core/cost.hpp"
#include "vlpt/kernels/counting.hpp"

namespace vlpt {

/// What one Module costs on `batch` samples of `tokens` rows of width `dim`, counted as cost_of
/// counts a model: its inference, and its forward and reverse in flow F (by default everything
/// learns and the input wants its gradient). constexpr.
template <class F = ProbeFlow, Module M>
[[nodiscard]] constexpr Cost module_cost(M const& module, Index batch, Index tokens, Index dim) {
  using T = float;
  using B = Counting<Nothing<T>>;
  Cost cost;
  typename M::template Params<T> params{}, gradients{};
  PlaceParameters<T> place;
  visit_parameters<F>(module, params, place);
  PlaceGradients<T> place_gradients;
  visit_parameters<F>(module, gradients, place_gradients);
  cost.params = place.frozen_count + place.learnt_count;
  cost.trainable = place.learnt_count;
  cost.weight_bytes = cost.params * static_cast<Index>(sizeof(T));

  Stream<T> const in(nullptr, batch, tokens, dim), out(nullptr, batch, tokens, module.width(dim));
  {
    Arena tape, scratch;
    B const backend(cost.forward);
    Context<B> context{backend, tape, scratch};
    typename M::template Cache<T, InferFlow> cache{};
    module.template forward<InferFlow>(context, params, Stream<T const>(in), out, cache);
    cost.macs = cost.forward.macs();
    cost.bytes_moved = cost.forward.moved_elements * static_cast<Index>(sizeof(T));
    cost.workspace_bytes = static_cast<Index>(scratch.peak());
  }
  Arena tape, scratch;
  Work ahead;
  B const forwards(ahead), reverses(cost.backward);
  typename M::template Cache<T, F> cache{};
  Context<B> there{forwards, tape, scratch}, back{reverses, tape, scratch};
  there.training = back.training = true;
  module.template forward<F>(there, params, Stream<T const>(in), out, cache);
  cost.saved_bytes = static_cast<Index>(tape.mark());
  module.template backward<F>(back, params, cache, Stream<T const>(out), in, gradients);
  cost.training_workspace_bytes =
      static_cast<Index>(scratch.peak() + tape.peak()) - cost.saved_bytes;
  cost.backward_macs = cost.backward.macs();
  return cost;
}

}  // namespace vlpt
