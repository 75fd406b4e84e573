#pragma once
#include "vlpt/core/view.hpp"

namespace vlpt {

/// The rows that a layer's prompts give to its attention as keys and values, and what their
/// reverse needs. They depend on parameters alone: once a step, not once a sample.
template <class T>
struct PreparedRows {
  Stream<T> rows;    // (1 or batch, count, dim)
  Stream<T> normed;  // the same, normed
  Stream<T> kv;      // (1 or batch, count, 2 dim)
  View<T> stats;
  Stream<T> d_kv;  // filled by the layer's backward

  [[nodiscard]] constexpr bool empty() const { return kv.empty(); }
};

}  // namespace vlpt
