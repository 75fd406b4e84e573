#pragma once
#include "vlpt/analysis/convention.hpp"
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/blocks/rows.hpp"

namespace vlpt {

/// The figure of a convention for one inference of a batch, given what vlpt executes.
template <class Model>
[[nodiscard]] constexpr Index macs_under(Convention const& convention, Cost const& exact,
                                         typename Model::Settings const& settings, Index batch) {
  if (!convention.all_rows) return convention(exact.forward) + convention(exact.texts);
  using Naive = typename Model::template WithRows<rows::All>;
  Cost naive;
  WorkByStage prepares, forwards;
  Naive const model(settings);
  CountingRun<Naive>(model, batch).infer(naive, prepares, forwards);
  // What is prepared once runs for every sample, and the texts of a dual encoder once a batch.
  Work each = naive.prepare;
  each += -1 * naive.texts;
  // The papers' figures have no norm of rows that leave behind the attention (docs/papers.md).
  if constexpr (requires { Model::own_rows_leave; })
    naive.forward.norm_elements -= batch * exact.prepare.norm_elements;
  return convention(naive.forward) + batch * convention(each) + convention(naive.texts);
}

/// What a model of these settings costs under a convention. Only its `macs` are a matter of
/// convention: parameters, the reverse and bytes are of what vlpt executes. constexpr.
template <class Model>
[[nodiscard]] constexpr Cost cost_under(Convention const& convention,
                                        typename Model::Settings const& settings = {},
                                        Index batch = 1) {
  Cost cost = cost_of(Model(settings), batch);
  cost.macs = macs_under<Model>(convention, cost, settings, batch);
  return cost;
}

}  // namespace vlpt
