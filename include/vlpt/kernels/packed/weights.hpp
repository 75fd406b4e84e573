#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "vlpt/core/arena.hpp"
#include "vlpt/kernels/packed/table.hpp"

namespace vlpt::packed {

/// A matrix w (rows, cols), of products x w^T, in panels of panel_width rows: panel j is
/// (cols, width), w's rows 48 j, 48 j + 1, ... as its columns. One copy serves both directions.
struct Matrix {
  float const* plain = nullptr;  // where the same matrix lies, or lay, row by row
  Index rows = 0, cols = 0;
  float const* panels = nullptr;

  [[nodiscard]] constexpr Index width(Index panel) const {
    Index const left = rows - panel * panel_width;
    return left < panel_width ? padded(left) : panel_width;
  }
  [[nodiscard]] constexpr float const* panel(Index j) const {
    return panels + j * panel_width * cols;
  }
  [[nodiscard]] static constexpr Index floats(Index rows, Index cols) {
    return padded(rows) * cols;
  }
};

/// The frozen matrices of one net, found by where they lie. A copy of a backend holds none: they
/// belong to the net that it was given to.
class Weights {
 public:
  Weights() = default;
  Weights(Weights const&) {}
  Weights& operator=(Weights const&) { return *this; }
  Weights(Weights&&) noexcept = default;
  Weights& operator=(Weights&&) noexcept = default;

  /// Packs these matrices, whose rows lie one behind the other, instead of those before.
  template <class EachTask>
  void pack(std::span<View<float const> const> plain, Table const& table, EachTask const& each) {
    Index floats = 0;
    for (auto const& w : plain) floats += Matrix::floats(w.rows, w.cols);
    memory_ = HostMemory(static_cast<std::size_t>(floats) * sizeof(float));
    matrices_.clear();
    auto* at = reinterpret_cast<float*>(memory_.data());
    for (auto const& w : plain) {
      matrices_.push_back({w.data, w.rows, w.cols, at});
      at += Matrix::floats(w.rows, w.cols);
    }
    each(static_cast<Index>(matrices_.size()), [&](Index i) {
      Matrix const& m = matrices_[static_cast<std::size_t>(i)];
      for (Index first = 0; first < m.rows; first += panel_width) {
        Index const n = std::min(panel_width, m.rows - first), wide = padded(n);
        table.transpose(m.plain + first * m.cols, m.cols, n, m.cols,
                        const_cast<float*>(m.panels) + first * m.cols, wide, wide);
      }
    });
    std::sort(matrices_.begin(), matrices_.end(),
              [](Matrix const& a, Matrix const& b) { return a.plain < b.plain; });
  }

  /// Writes a matrix row by row where it lay when it was packed.
  void unpack(View<float const> w, Table const& table) const {
    Matrix const& m = *find(w);
    for (Index j = 0, first = 0; first < m.rows; ++j, first += panel_width) {
      Index const n = std::min(panel_width, m.rows - first);
      table.transpose(m.panel(j), m.width(j), m.cols, n,
                      const_cast<float*>(m.plain) + first * m.cols, m.cols, 0);
    }
  }

  /// The matrix of which w's rows are some; null for one that was not packed. Throws for a part of
  /// a packed one that is not whole rows.
  [[nodiscard]] Matrix const* find(View<float const> w) const {
    auto const after =
        std::upper_bound(matrices_.begin(), matrices_.end(), w.data,
                         [](float const* p, Matrix const& m) { return p < m.plain; });
    if (after == matrices_.begin()) return nullptr;
    Matrix const& m = *(after - 1);
    if (w.data >= m.plain + m.rows * m.cols) return nullptr;
    VLPT_CHECK(w.cols == m.cols && w.stride == m.cols, "of a packed matrix of ", m.rows, " x ",
               m.cols, " only whole rows can be read, not ", w.cols, " columns");
    return &m;
  }

 private:
  HostMemory memory_;
  std::vector<Matrix> matrices_;
};

}  // namespace vlpt::packed
