#pragma once
#include "models/check_cost.hpp"
#include "models/cost_pairs.hpp"

namespace vlpt::test {

/// A model of texts with images that gives every row, has a head as NLVR2's, or one as ranking's;
/// with and without dropout.
template <class Model>
void check_stream_cost(typename Model::PromptType const& policy,
                       typename Model::SkipType const& skip) {
  constexpr bool own_heads = HasTasks<Model>;
  for (int const kind : {0, 1, 2})
    for (double const dropout : {0.0, 0.25}) {
      typename Model::Settings s{};
      s.skip = skip, s.dropout = dropout;
      s.prompt = with_dropout(policy, dropout);
      if (kind == 0) s.every_row = !own_heads;
      if (kind == 1) s.classes = 3, s.head_hidden = 6, s.images = 2;
      if (kind == 2) s.classes = own_heads ? 0 : 1;
      if constexpr (requires { s.replaces_first; }) s.replaces_first = kind != 2;
      for (Index const batch : {1, 3}) check_cost<Model>(s, batch);
    }
}

}  // namespace vlpt::test
