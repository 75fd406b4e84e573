#pragma once
#include "vlpt/core/view.hpp"

namespace vlpt {

/// The rows that a source gives for one step, as a stack reads them: sets of `count` rows, one for
/// each layer that takes them (or one for all), the same for every sample or each sample's own.
template <class T>
struct GivenRows {
  Index count = 0;
  Stream<T> rows;    // (1 or batch, sets * count, dim)
  Stream<T> d_rows;  // the same: where gradients are added; empty if nothing learns

  [[nodiscard]] constexpr Stream<T const> set(Index s) const {
    return rows.range(s * count, count);
  }
  [[nodiscard]] constexpr Stream<T> gradient(Index s) const {
    return d_rows.empty() ? Stream<T>{} : d_rows.range(s * count, count);
  }
};

}  // namespace vlpt
