#pragma once
#include "vlpt/core/cost.hpp"

namespace vlpt {

/// Bytes that a model needs at run time, told from its cost: weights, and beside them what
/// inference or a training step takes. Input and code aside.
struct MemoryNeeds {
  Index weights = 0;
  Index prepared = 0;   // prompts' keys and values, features of texts: once a load
  Index inference = 0;  // workspace at its peak
  Index gradients = 0;  // of what learns
  Index optimizer = 0;  // its state: two values for each that learns (AdamW)
  Index saved = 0;      // what the forward pass keeps for the reverse
  Index training = 0;   // workspace of a training step at its peak
  Index cached = 0;     // of what precedes the first learner, over all examples: cache_needs

  [[nodiscard]] constexpr Index to_infer() const { return weights + prepared + inference; }
  [[nodiscard]] constexpr Index to_train() const {
    return weights + gradients + optimizer + saved + training + cached;
  }
};

/// `optimizer_values`: that the optimizer holds, in floats, for each value that learns: AdamW 2,
/// SGD 1, and one more for halves.
[[nodiscard]] constexpr MemoryNeeds memory_needs(Cost const& cost, Index optimizer_values = 2) {
  Index const of_value = cost.params == 0 ? 0 : cost.weight_bytes / cost.params;
  return {.weights = cost.weight_bytes,
          .prepared = cost.prepared_bytes,
          .inference = cost.workspace_bytes,
          .gradients = cost.trainable * of_value,
          .optimizer = optimizer_values * cost.trainable * static_cast<Index>(sizeof(float)),
          .saved = cost.saved_bytes,
          .training = cost.training_workspace_bytes};
}

}  // namespace vlpt
