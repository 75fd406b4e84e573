#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "vlpt/core/real.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/apart.hpp"
#include "vlpt/kernels/reference.hpp"

namespace vlpt::test {

/// What a primitive adds to its loss, as a number: f(loss).
template <class T, class F>
double added(F const& f) {
  using S = Sum<T>;
  S loss = S(0), again = S(0);
  f(View<S>(&loss, 1, 1));
  again = S(8);  // to what was there it is added
  f(View<S>(&again, 1, 1));
  bool const adds = std::abs(again - loss - S(8)) <= S(1e-5) * std::max(S(8), std::abs(loss));
  return adds ? static_cast<double>(loss) : std::numeric_limits<double>::quiet_NaN();
}
template <class B>
using Of = typename B::Scalar;

template <class B>
double cross_entropy(B const& b, View<Of<B> const> logits, Index const* labels,
                     View<Of<B> const> weights, View<Of<B>> d) {
  return added<Of<B>>([&](auto loss) { b.cross_entropy(logits, labels, weights, d, loss); });
}
template <class B>
double binary_cross_entropy(B const& b, View<Of<B> const> logits, View<Of<B> const> targets,
                            View<Of<B>> d) {
  return added<Of<B>>([&](auto loss) { b.binary_cross_entropy(logits, targets, d, loss); });
}
template <class B>
double soft_cross_entropy(B const& b, View<Of<B> const> logits, View<Of<B> const> targets,
                          View<Of<B>> d) {
  return added<Of<B>>([&](auto loss) { b.soft_cross_entropy(logits, targets, d, loss); });
}
template <class B>
double squared_error(B const& b, Stream<Of<B> const> x, Stream<Of<B> const> target,
                     Stream<Of<B>> dx) {
  return added<Of<B>>([&](auto loss) { b.squared_error(x, target, dx, loss); });
}

/// net.backward of a gradient that is the host's.
template <class N, class... To>
void backward(N& net, Tensor<typename N::T> const& slope, To const&... d_input) {
  using T = typename N::T;
  auto const d_out = net.d_out(slope.shape[0]);
  bring(net.backend(), std::span<T const>(slope.values), d_out.data);
  net.backward(View<T const>(d_out), d_input...);
}

/// A backend that works on the host's arrays: this one, unless it keeps its memory apart.
template <class B>
decltype(auto) on_host(B const& backend) {
  if constexpr (KeepsApart<B>)
    return Reference<typename B::Scalar>{};
  else
    return (backend);
}

}  // namespace vlpt::test
