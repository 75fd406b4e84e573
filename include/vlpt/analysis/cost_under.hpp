#pragma once
#include "vlpt/analysis/convention.hpp"
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/blocks/rows.hpp"

namespace vlpt {

/// What one inference of a batch does, and what is prepared for it; nothing else of a Cost.
template <class Model>
[[nodiscard]] constexpr Cost inference_cost(typename Model::Settings const& settings, Index batch) {
  Cost cost;
  WorkByStage prepares, forwards;
  Model const model(settings);
  CountingRun<Model>(model, batch).infer(cost, prepares, forwards);
  return cost;
}

/// The figure of a convention for one inference of a batch. constexpr.
template <class Model>
[[nodiscard]] constexpr Index macs_under(Convention const& convention,
                                         typename Model::Settings const& settings = {},
                                         Index batch = 1) {
  if (!convention.all_rows) {
    Cost const exact = inference_cost<Model>(settings, batch);
    return convention(exact.forward) + convention(exact.texts);
  }
  Cost naive = inference_cost<typename Model::template WithRows<rows::All>>(settings, batch);
  // The papers' figures have no norm of rows that leave behind the attention (docs/papers.md).
  if constexpr (requires { Model::own_rows_leave; })
    if (convention.norm_weight > 0)
      naive.forward.norm_elements -=
          batch * inference_cost<Model>(settings, 1).prepare.norm_elements;
  // What is prepared once runs for every sample, and the texts of a dual encoder once a batch.
  Work each = naive.prepare;
  each += -1 * naive.texts;
  return convention(naive.forward) + batch * convention(each) + convention(naive.texts);
}

/// What a model of these settings costs under a convention. Only its `macs` are a matter of
/// convention: parameters, the reverse and bytes are of what vlpt executes. constexpr.
template <class Model>
[[nodiscard]] constexpr Cost cost_under(Convention const& convention,
                                        typename Model::Settings const& settings = {},
                                        Index batch = 1) {
  Cost cost = cost_of(Model(settings), batch);
  if (convention.all_rows) cost.macs = macs_under<Model>(convention, settings, batch);
  return cost;
}

}  // namespace vlpt
