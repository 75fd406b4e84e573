#pragma once
#include "vlpt/analysis/cost_table.hpp"
#include "vlpt/analysis/cost_under.hpp"
#include "vlpt/analysis/model_name.hpp"
#include "vlpt/core/tokens.hpp"

namespace vlpt {

/// A row of a table for a model of these settings, named after its type unless told otherwise.
template <class Model>
[[nodiscard]] CostRow cost_row(typename Model::Settings const& settings = {}, Index batch = 1,
                               std::string name = {}) {
  CostRow row{.name = std::move(name), .cost = cost_of(Model(settings), batch), .macs = {}};
  if (row.name.empty()) row.name = model_name<Model>(settings);
  for (std::size_t i = 0; i < convention::all.size(); ++i)
    row.macs[i] = macs_under<Model>(convention::all[i], settings, batch);
  return row;
}

/// Models side by side for inputs of so many rows: compare<Full, Deep, Mine>({.text = 40}).
template <class... Models>
[[nodiscard]] CostTable compare(Tokens tokens = {}) {
  CostTable table{.title = "Costs of one inference"};
  (table.rows.push_back(cost_row<Models>(Models::Settings::of(tokens), tokens.batch)), ...);
  return table;
}

}  // namespace vlpt
