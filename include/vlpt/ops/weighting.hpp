#pragma once
#include <string_view>

#include "vlpt/autodiff/context.hpp"
#include "vlpt/kernels/activation.hpp"

namespace vlpt {

// How APT turns similarities into weights: in place, and the reverse from the weights themselves.

/// max(s, 0), as the released code.
struct Rectified {
  static constexpr std::string_view name = "relu";
  template <class B, class T>
  static constexpr void forward(Context<B>& c, View<T> s) {
    c.backend.template activate<ReluFormula>(View<T const>(s), s);
  }
  /// d := the gradient of the similarities, from that of the weights.
  template <class B, class T>
  static constexpr void backward(Context<B>& c, View<T const> weights, View<T> d) {
    c.backend.template activate_reverse<ReluFormula>(View<T const>(d), weights, d);
  }
};

/// softmax over the prompts, the alternative that the code names.
struct Normalised {
  static constexpr std::string_view name = "softmax";
  template <class B, class T>
  static constexpr void forward(Context<B>& c, View<T> s) {
    c.backend.softmax(View<T const>(s), s);
  }
  template <class B, class T>
  static constexpr void backward(Context<B>& c, View<T const> weights, View<T> d) {
    c.backend.softmax_reverse(View<T const>(d), weights, d);
  }
};

}  // namespace vlpt
