#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/interpolation.hpp"

namespace vlpt::io {

/// One axis of an interpolation: each of the new places is a sum of some of the old ones.
class AxisWeights {
 public:
  struct Term {
    Index from = 0;
    double weight = 0;
  };
  AxisWeights(Interpolation how, Index from, Index to) {
    VLPT_CHECK(from > 0 && to > 0, "positions of ", from, " places cannot become ", to);
    for (Index i = 0; i < to; ++i) places_.push_back(terms(how, from, to, i));
  }
  [[nodiscard]] std::vector<Term> const& at(Index place) const {
    return places_[static_cast<std::size_t>(place)];
  }

 private:
  static double cubic(double x, double a) {
    x = std::abs(x);
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  }
  static std::vector<Term> terms(Interpolation how, Index from, Index to, Index i) {
    double const scale = static_cast<double>(from) / static_cast<double>(to);
    auto const within = [&](Index j) { return std::clamp<Index>(j, 0, from - 1); };
    double const corners =
        to == 1 ? 0 : static_cast<double>(i * (from - 1)) / static_cast<double>(to - 1);
    double const centre = (static_cast<double>(i) + 0.5) * scale;
    std::vector<Term> out;
    if (how == Interpolation::bilinear_corners) {
      auto const first = std::min(static_cast<Index>(corners), from - 1);
      double const part = corners - static_cast<double>(first);
      return {{first, 1 - part}, {within(first + 1), part}};
    }
    if (how != Interpolation::bicubic_antialias) {  // rows past an edge are the edge's
      double const at = how == Interpolation::bicubic_corners ? corners : centre - 0.5;
      double const first = std::floor(at);
      for (Index k = -1; k <= 2; ++k)
        out.push_back({within(static_cast<Index>(first) + k),
                       cubic(at - first - static_cast<double>(k), -0.75)});
      return out;
    }
    // Antialiased: the window grows as the picture shrinks; rows past an edge are left out.
    double const wide = std::max(scale, 1.0), support = 2 * wide;
    Index const first = std::max<Index>(static_cast<Index>(centre - support + 0.5), 0);
    Index const last = std::min<Index>(static_cast<Index>(centre + support + 0.5), from);
    double sum = 0;
    for (Index j = first; j < last; ++j) {
      out.push_back({j, cubic((static_cast<double>(j) - centre + 0.5) / wide, -0.5)});
      sum += out.back().weight;
    }
    for (Term& t : out) t.weight /= sum;
    return out;
  }
  std::vector<std::vector<Term>> places_;
};

/// A grid of positions (height * width, dim), row by row, at another height and width.
[[nodiscard]] inline Tensor<double> interpolate_grid(Tensor<double> const& grid, Index height,
                                                     Index width, Index to_height, Index to_width,
                                                     Interpolation how) {
  VLPT_CHECK(grid.shape.rank == 2 && grid.shape[0] == height * width, "positions of shape ",
             grid.shape, " are no grid of ", height, " x ", width);
  Index const dim = grid.shape[1];
  AxisWeights const down(how, height, to_height), across(how, width, to_width);
  Tensor<double> lines({to_height * width, dim}), out({to_height * to_width, dim});
  auto const add = [dim](double weight, double const* from, double* to) {
    for (Index c = 0; c < dim; ++c) to[c] += weight * from[c];
  };
  for (Index y = 0; y < to_height; ++y)
    for (auto const& [from, weight] : down.at(y))
      for (Index x = 0; x < width; ++x)
        add(weight, grid.data() + (from * width + x) * dim, lines.data() + (y * width + x) * dim);
  for (Index y = 0; y < to_height; ++y)
    for (Index x = 0; x < to_width; ++x)
      for (auto const& [from, weight] : across.at(x))
        add(weight, lines.data() + (y * width + from) * dim, out.data() + (y * to_width + x) * dim);
  return out;
}

/// The side of the square of patches that so many rows, class row included, stand for; 0: none.
[[nodiscard]] inline Index square_side(Index rows) {
  if (rows < 2) return 0;
  auto const side = static_cast<Index>(std::sqrt(static_cast<double>(rows - 1)));
  return side * side == rows - 1 ? side : 0;
}

/// A table of positions (1 + side^2, dim), class row first, for another number of rows. The class
/// row stays as it is. requires: both numbers are one more than a square.
[[nodiscard]] inline Tensor<double> interpolate_positions(Tensor<double> const& table, Index rows,
                                                          Interpolation how) {
  Index const from = square_side(table.shape[0]), to = square_side(rows), dim = table.shape[1];
  VLPT_CHECK(from > 0 && to > 0, "positions of ", table.shape[0], " rows cannot become ", rows,
             ": a class row and a square of patches are needed");
  Tensor<double> const grid({from * from, dim},
                            std::vector<double>(table.values.begin() + dim, table.values.end()));
  Tensor<double> const made = interpolate_grid(grid, from, from, to, to, how);
  std::vector<double> values(table.values.begin(), table.values.begin() + dim);
  values.insert(values.end(), made.values.begin(), made.values.end());
  return Tensor<double>({rows, dim}, std::move(values));
}

}  // namespace vlpt::io
