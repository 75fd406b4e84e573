#pragma once
#include <algorithm>
#include <cmath>

#include "vlpt/core/tensor.hpp"

namespace vlpt {

/// The fixed sine-cosine table of MoCo v3: row r, column c of a `side` x `side` grid becomes
/// [sin(r w), cos(r w), sin(c w), cos(c w)] with w_k = 10000^(-k / (dim / 4)); the class row is 0.
/// MAE's table has the column first: `column_first`. Returns (1 + side^2, dim); dim divides by 4.
[[nodiscard]] inline Tensor<double> sine_cosine_positions(Index side, Index dim,
                                                          bool column_first = false) {
  VLPT_CHECK(dim % 4 == 0, "sine-cosine positions need a width that divides by 4, got ", dim);
  Tensor<double> table(Shape{1 + side * side, dim});
  auto const v = table.view();
  Index const quarter = dim / 4;
  for (Index r = 0; r < side; ++r)
    for (Index c = 0; c < side; ++c)
      for (Index k = 0; k < quarter; ++k) {
        double const w = std::pow(10000.0, -static_cast<double>(k) / static_cast<double>(quarter));
        double const a = static_cast<double>(column_first ? c : r) * w;
        double const b = static_cast<double>(column_first ? r : c) * w;
        Index const row = 1 + r * side + c;
        v(row, k) = std::sin(a), v(row, quarter + k) = std::cos(a);
        v(row, 2 * quarter + k) = std::sin(b), v(row, 3 * quarter + k) = std::cos(b);
      }
  return table;
}

/// How a table of positions is resized to another grid.
enum class Interpolation {
  bicubic,           // a = -0.75, half-pixel centres, no antialias: HF, original MAE and METER
  bilinear_corners,  // aligned corners: ViLT
};

/// Resizes the grid part of (1 + from^2, dim) positions to (1 + rows * cols, dim); the class row
/// stays as it is.
[[nodiscard]] inline Tensor<double> interpolate_positions(Tensor<double> const& table, Index rows,
                                                          Index cols, Interpolation how) {
  Index const dim = table.shape.cols(), grid = table.shape.rows() - 1;
  auto const side = static_cast<Index>(std::lround(std::sqrt(static_cast<double>(grid))));
  VLPT_CHECK(side * side == grid, "positions of shape ", table.shape, " hold no square grid");
  Tensor<double> out(Shape{1 + rows * cols, dim});
  std::copy_n(table.data(), dim, out.data());
  // Source place and weights of one output coordinate.
  struct Taps {
    Index at[4];
    double weight[4];
  };
  auto const taps = [how, side](Index i, Index n) {
    Taps t{};
    if (how == Interpolation::bilinear_corners) {
      double const x = n == 1 ? 0.0
                              : static_cast<double>(i) * static_cast<double>(side - 1) /
                                    static_cast<double>(n - 1);
      auto const x0 = std::min(static_cast<Index>(x), side - 1);
      double const f = x - static_cast<double>(x0);
      t = {{x0, std::min(x0 + 1, side - 1), x0, x0}, {1 - f, f, 0, 0}};
      return t;
    }
    double const x =
        (static_cast<double>(i) + 0.5) * static_cast<double>(side) / static_cast<double>(n) - 0.5;
    double const base = std::floor(x), f = x - base, a = -0.75;
    auto const near = [a](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
    auto const far = [a](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
    double const w[4] = {far(1 + f), near(f), near(1 - f), far(2 - f)};
    for (int k = 0; k < 4; ++k) {
      t.at[k] = std::clamp(static_cast<Index>(base) + k - 1, Index{0}, side - 1);
      t.weight[k] = w[k];
    }
    return t;
  };
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < cols; ++c) {
      Taps const y = taps(r, rows), x = taps(c, cols);
      double* const to = out.data() + (1 + r * cols + c) * dim;
      for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 4; ++j) {
          double const w = y.weight[i] * x.weight[j];
          double const* const from = table.data() + (1 + y.at[i] * side + x.at[j]) * dim;
          for (Index k = 0; k < dim; ++k) to[k] += w * from[k];
        }
    }
  return out;
}

}  // namespace vlpt
