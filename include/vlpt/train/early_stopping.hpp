#pragma once
#include <cmath>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// Remembers the best value of a metric and says when to stop: after `patience` updates in a row
/// that did not better it by more than min_delta. A NaN never counts as better.
/// `state` is all it remembers: plain numbers, to be saved and put back.
struct EarlyStopping {
  enum class Mode { larger_is_better, smaller_is_better };
  struct State {
    double best = 0;
    Index best_update = -1;  ///< -1: none yet
    Index updates = 0;
    constexpr bool operator==(State const&) const = default;
  };

  Index patience = 10;
  double min_delta = 0;
  Mode mode = Mode::larger_is_better;
  State state = {};

  /// Takes the next value; true if it is the best so far (the moment to save a checkpoint).
  bool update(double value) {
    VLPT_CHECK(patience > 0, "early stopping needs a patience of 1 or more, got ", patience);
    double const gain = mode == Mode::larger_is_better ? value - state.best : state.best - value;
    bool const better = !std::isnan(value) && (state.best_update < 0 || gain > min_delta);
    if (better) state.best = value, state.best_update = state.updates;
    ++state.updates;
    return better;
  }
  /// Updates since the best one.
  [[nodiscard]] Index waited() const { return state.updates - 1 - state.best_update; }
  [[nodiscard]] bool should_stop() const { return state.updates > 0 && waited() >= patience; }
};

}  // namespace vlpt
