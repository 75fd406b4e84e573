#pragma once
#include <algorithm>
#include <cstddef>
#include <string_view>

namespace vlpt {

/// A string as a template argument: Stage<"fc1", Linear>.
template <std::size_t N>
struct Name {
  char text[N]{};
  constexpr Name() = default;
  constexpr Name(char const (&s)[N]) { std::copy_n(s, N, text); }
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
  constexpr bool operator==(Name const&) const = default;
};

/// "a" and "b" make "a.b"; an empty first part leaves the second as it is.
template <Name A, Name B>
[[nodiscard]] constexpr auto join() {
  if constexpr (A.view().empty()) {
    return B;
  } else {
    constexpr std::size_t n = A.view().size(), m = B.view().size();
    Name<n + m + 2> out;
    std::copy_n(A.text, n, out.text);
    out.text[n] = '.';
    std::copy_n(B.text, m, out.text + n + 1);
    return out;
  }
}

}  // namespace vlpt
