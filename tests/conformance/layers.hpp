#pragma once
#include <string>
#include <vector>

#include "expected.hpp"
#include "vlpt/autodiff/context.hpp"

namespace conformance {

/// Compares what goes into the first block ("image.hidden.0") and comes out of each
/// ("image.hidden.1"
/// ...) while a net runs: net.set_tap(layers.tap()). A second tower's layers follow the first's.
template <class T>
struct Layers {
  Expected& expected;
  std::string first, second;             // "image.", "text."
  Index depth = 0;                       // of the first
  std::vector<unsigned char> rows = {};  // as Expected::compare's

  [[nodiscard]] vlpt::Tap<T> tap() { return {look, this}; }

 private:
  static void look(void* self, vlpt::TapPoint point, Index layer, vlpt::Stream<T const> x) {
    auto& me = *static_cast<Layers*>(self);
    Index const after = point == vlpt::TapPoint::block_out ? 1 : 0;
    if (after == 0 && point != vlpt::TapPoint::tokens) return;
    bool const other = layer >= me.depth;
    me.expected.compare(
        vlpt::text(other ? me.second : me.first, "hidden.", layer - (other ? me.depth : 0) + after),
        x, me.rows);
  }
};

}  // namespace conformance
