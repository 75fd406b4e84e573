#pragma once
#include <concepts>

#include "vlpt/autodiff/flow.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// What precedes the first learner of a model, of a batch, computed before: what a model reads in
/// place of its own input (Net::forward_frozen, Net::forward_rest).
template <class T>
struct FrozenRows {
  Index batch = 0;
  View<T const> values;  // (batch, frozen_width()), one row after the other
};

/// A model that runs what precedes its first learner apart from the rest.
template <class Model>
concept PrecedesLearners = requires(Model const& m) {
  { m.template frozen_width<typename Model::TrainFlow>() } -> std::same_as<Index>;
};

/// Throws InputError unless these are `batch` rows of what precedes a learner, one after the other.
template <class T>
void check_frozen(Index batch, View<T> rows, Index width) {
  VLPT_CHECK(width > 0, "nothing that this model runs apart precedes its first learner");
  VLPT_CHECK(rows.rows == batch && rows.cols == width && rows.contiguous(), "expected ", batch,
             " rows of ", width, " values, one after the other; got ", rows.rows, " of ", rows.cols,
             " with ", rows.stride, " between them");
}

}  // namespace vlpt
