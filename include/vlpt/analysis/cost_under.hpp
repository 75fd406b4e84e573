#pragma once
#include "vlpt/analysis/convention.hpp"
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/blocks/rows.hpp"

namespace vlpt {

/// What a model of these settings costs under a convention. Only its `macs` are a matter of
/// convention: parameters, the reverse and bytes are of what vlpt executes. constexpr.
template <class Model>
[[nodiscard]] constexpr Cost cost_under(Convention const& convention,
                                        typename Model::Settings const& settings = {},
                                        Index batch = 1) {
  Cost cost = cost_of(Model(settings), batch);
  if (!convention.all_rows) {
    cost.macs = convention(cost.forward) + convention(cost.texts);
    return cost;
  }
  using Naive = typename Model::template WithRows<rows::All>;
  Cost naive;
  WorkByStage prepares, forwards;
  Naive const model(settings);
  CountingRun<Naive>(model, batch).infer(naive, prepares, forwards);
  // What is prepared once runs for every sample, and the texts of a dual encoder once a batch.
  Work each = naive.prepare;
  each += -1 * naive.texts;
  cost.macs = convention(naive.forward) + batch * convention(each) + convention(naive.texts);
  return cost;
}

}  // namespace vlpt
