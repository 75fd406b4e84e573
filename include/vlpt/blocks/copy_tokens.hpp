#pragma once
#include "vlpt/autodiff/context.hpp"

namespace vlpt {

/// Rows [from, from + count) of every sample of x to those of y from `to` on; count may be 0.
template <class B, class T>
constexpr void copy_tokens(Context<B>& c, Stream<T const> x, Index from, Stream<T> y, Index to,
                           Index count) {
  if (count > 0) c.backend.copy(x.range(from, count), y.range(to, count));
}

}  // namespace vlpt
