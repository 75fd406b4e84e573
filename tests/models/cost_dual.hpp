#pragma once
#include "models/check_cost.hpp"
#include "models/cost_pairs.hpp"
#include "models/tiny_dual.hpp"

namespace vlpt::test {

/// A dual encoder whose texts run at once, those of a length at a time, or two at a time.
template <class Model>
void check_dual_cost(typename Model::PromptType const& policy,
                     typename Model::SkipType const& skip) {
  using Cut = std::pair<Index, Index>;
  for (auto const& [chunk, padding] : {Cut{64, 32}, Cut{64, 0}, Cut{2, 32}})
    for (double const dropout : {0.0, 0.25}) {
      typename Model::Settings s;
      s.texts = tiny_texts(), s.chunk = chunk, s.padding = padding;
      s.skip = skip, s.dropout = dropout;
      s.prompt = with_dropout(policy, dropout);
      for (Index const batch : {1, 3}) check_cost<Model>(s, batch);
    }
}
inline auto const dual_cost = []<class Policy, class Skip>(Policy const& policy, Skip const& skip) {
  check_dual_cost<Dual<Policy, learn::Policy, rows::Live, Skip>>(policy, skip);
};

}  // namespace vlpt::test
