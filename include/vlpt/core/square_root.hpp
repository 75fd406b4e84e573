#pragma once

namespace vlpt {

/// sqrt(x) for x >= 0 where the compiler must know it (Newton); equal to std::sqrt to the last
/// bits.
[[nodiscard]] constexpr double square_root(double x) {
  if (x <= 0) return 0;
  double guess = x > 1 ? x : 1;
  for (double next = (guess + x / guess) / 2; next < guess; next = (guess + x / guess) / 2)
    guess = next;
  return guess;
}

}  // namespace vlpt
