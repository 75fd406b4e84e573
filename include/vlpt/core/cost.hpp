#pragma once
#include "vlpt/core/index.hpp"

namespace vlpt {

/// What a run asks of a machine, counted where the primitives are called.
struct Work {
  Index product_macs = 0;         // multiply-accumulates of matrix products
  Index attention_macs = 0;       // of scores and weighted values
  Index norm_elements = 0;        // elements that went through a layer norm
  Index activation_elements = 0;  // through an activation
  Index softmax_elements = 0;     // through a softmax
  Index moved_elements = 0;       // read or written, each operand of each primitive once

  [[nodiscard]] constexpr Index macs() const { return product_macs + attention_macs; }
  constexpr bool operator==(Work const&) const = default;
  constexpr Work& operator+=(Work const& w) {
    product_macs += w.product_macs, attention_macs += w.attention_macs;
    norm_elements += w.norm_elements, activation_elements += w.activation_elements;
    softmax_elements += w.softmax_elements, moved_elements += w.moved_elements;
    return *this;
  }
  /// The work `times` over: 2 for two steps, -1 to take it away.
  [[nodiscard]] friend constexpr Work operator*(Index times, Work w) {
    w.product_macs *= times, w.attention_macs *= times;
    w.norm_elements *= times, w.activation_elements *= times;
    w.softmax_elements *= times, w.moved_elements *= times;
    return w;
  }
};

/// What a model costs for a given batch: exactly what vlpt executes (convention `exact`).
struct Cost {
  Index macs = 0;                      // of one inference: forward, and the texts of a dual encoder
  Index backward_macs = 0;             // the reverse of one training step
  Index params = 0;                    // allocated parameters, frozen and learnt
  Index trainable = 0;                 // of these, learnt
  Index weight_bytes = 0;              // params as the net has them
  Index saved_bytes = 0;               // what forward keeps for the reverse
  Index workspace_bytes = 0;           // scratch of inference at its peak, attention's tiles aside
  Index training_workspace_bytes = 0;  // the same of a training step, and what runs again
  Index prepared_bytes = 0;            // what inference holds of that which parameters alone decide
  Index bytes_moved = 0;  // of one inference: operands of its primitives, read or written
  Work prepare{};         // once a step or load: what depends on parameters alone
  Work texts{};           // of prepare: what runs the texts of a dual encoder's classes
  Work forward{};
  Work backward{};
};

}  // namespace vlpt
