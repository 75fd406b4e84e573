#pragma once
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "kernels/backends.hpp"

namespace vlpt::test {

/// Random values, the same in every scalar, inside a larger block whose margins show what was
/// written outside: a stream with padded rows and samples at an odd place, or one without gaps that
/// begins on 16 bytes.
template <class T>
struct Array {
  std::vector<T> block;
  Stream<T> all;

  Array(std::uint64_t id, Index batch, Index tokens, Index dim, bool padded = false,
        T margin = T(99)) {
    Index const stride = dim + (padded ? 3 : 0), apart = tokens * stride + (padded ? 5 : 0);
    block.assign(static_cast<std::size_t>(batch * apart + 13), margin);
    all = {block.data() + (padded ? 2 : 8), batch, tokens, dim, apart, stride};
    for (Index b = 0; b < batch; ++b)
      for (Index r = 0; r < tokens; ++r)
        for (Index c = 0; c < dim; ++c)
          all.sample(b)(r, c) = static_cast<T>(static_cast<float>(
              Random{id, 5}.normal(static_cast<std::uint64_t>((b * tokens + r) * dim + c))));
  }
  Array(Array const&) = delete;
  Array& operator=(Array const&) = delete;
  [[nodiscard]] View<T> view() const { return all.sample(0); }
};

/// Whether every element agrees, relative to 1 or the larger value; margins included.
template <class T>
void same(Array<T> const& found, Array<double> const& expected, double scale = 1) {
  double const tolerance = scale * (std::is_same_v<T, float> ? 2e-5 : 1e-12);
  BOOST_REQUIRE(found.block.size() == expected.block.size());
  double worst = 0;
  for (std::size_t i = 0; i < found.block.size(); ++i) {
    double const a = static_cast<double>(found.block[i]), b = expected.block[i];
    double const error = std::abs(a - b) / std::max(1.0, std::abs(b));
    if (!(error <= worst)) worst = error;
  }
  BOOST_TEST(worst <= tolerance);
}

}  // namespace vlpt::test
