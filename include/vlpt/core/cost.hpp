#pragma once
#include <cstddef>

#include "vlpt/core/index.hpp"

namespace vlpt {

/// What a run asks of a machine, counted where the primitives are called.
struct Work {
  Index product_macs = 0;         // multiply-accumulates of matrix products
  Index attention_macs = 0;       // of scores and weighted values
  Index norm_elements = 0;        // elements that went through a layer norm
  Index activation_elements = 0;  // through an activation
  Index softmax_elements = 0;     // through a softmax

  [[nodiscard]] constexpr Index macs() const { return product_macs + attention_macs; }
  constexpr bool operator==(Work const&) const = default;
};

/// What a model costs for a given batch: exactly what vlpt executes (convention `exact`).
struct Cost {
  Index macs = 0;             // forward, multiply-accumulates
  Index backward_macs = 0;    // the reverse of one training step
  Index params = 0;           // allocated parameters, frozen and learnt
  Index trainable = 0;        // of these, learnt
  Index weight_bytes = 0;     // params as floats
  Index saved_bytes = 0;      // what forward keeps for the reverse, at its peak
  Index workspace_bytes = 0;  // scratch at its peak, attention's tiles aside
  Work prepare{};             // once a step or load: what depends on parameters alone
  Work forward{};
  Work backward{};
};

}  // namespace vlpt
