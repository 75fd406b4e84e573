#pragma once
#include <algorithm>

#include "vlpt/core/parallel.hpp"
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/packed/table.hpp"

namespace vlpt::packed {

/// What happens to a product's result before it is written.
struct Finish {
  float const* bias = nullptr;
  View<float const> add{};  // null: nothing
  Act act = Act::none;
  View<float> before{};  // receives the activation's input; null: nowhere

  /// Of the part of the result that begins at (row, col): Product is one of a panel.
  template <class Product>
  void apply(Product& p, Index row, Index col) const {
    if (bias != nullptr) p.bias = bias + col;
    if (add.data != nullptr) p.add = add.row(row) + col, p.ld_add = add.stride;
    p.act = act;
    if (before.data != nullptr) p.before = before.row(row) + col, p.ld_before = before.stride;
  }
  /// That of one block of the depth, where y holds what the blocks before it gave.
  [[nodiscard]] Finish of_block(bool first, bool last, View<float> y) const {
    Finish f = *this;
    if (!first) f.add = View<float const>(y);
    if (!last) f.bias = nullptr, f.act = Act::none, f.before = {};
    return f;
  }
};

inline constexpr Index deepest = 768;           // rows of a panel that lies on the stack: 144 KiB
inline constexpr Index block_rows = 192;        // of x, so that they stay in the second cache
inline constexpr Index worth_a_task = 1 << 16;  // products below which a thread is no help

/// Products with matrices as they lie, laid out a panel at a time, on the stack. Work is cut into
/// panels of the result's columns.
class PlainProducts {
 public:
  PlainProducts(Team& team, Table const& table) : team_(team), table_(table) {}

  /// y (n, out) = x (n, in) w^T for w (out, in). lay(col, cols, first, depth, rows) lays rows
  /// [col, col + cols) of w out as columns of `rows`, from w's column `first` on.
  template <class Lay>
  void forward(View<float const> x, Index in, View<float> y, Finish const& finish,
               Lay const& lay) const {
    panels(y.cols, y.rows * in, [&](Index col, Index cols) {
      Index block = 0;
      do {
        Index const depth = std::min(deepest, in - block);
        alignas(64) float rows[deepest * panel_width];
        lay(col, cols, block, depth, rows);
        PanelProduct p;
        p.a = x.data + block, p.lda = x.stride;
        p.b = rows, p.ldb = panel_width;
        p.c = y.data + col, p.ldc = y.stride;
        p.rows = y.rows, p.depth = depth, p.cols = cols;
        finish.of_block(block == 0, block + depth == in, y).apply(p, 0, col);
        table_.multiply(p);
        block += depth;
      } while (block < in);
    });
  }
  void forward(View<float const> x, View<float const> w, View<float> y,
               Finish const& finish) const {
    forward(x, w.cols, y, finish,
            [&](Index col, Index cols, Index first, Index depth, float* rows) {
              table_.transpose(w.row(col) + first, w.stride, cols, depth, rows, panel_width,
                               padded(cols));
            });
  }
  /// dx (n, in) = dy (n, out) w. lay(first, depth, col, cols, rows) lays columns [col, col + cols)
  /// of rows [first, first + depth) of w out as rows of panel_width; where(first, depth, col) is
  /// where these lie, to be asked for before.
  template <class Lay, class Where>
  void input(View<float const> dy, View<float> dx, Lay const& lay, Where const& where) const {
    panels(dx.cols, dx.rows * dy.cols, [&](Index col, Index cols) {
      Index block = 0;
      do {
        Index const depth = std::min(deepest, dy.cols - block);
        alignas(64) float rows[deepest * panel_width];
        lay(block, depth, col, cols, rows);
        PanelProduct p;
        p.a = dy.data + block, p.lda = dy.stride;
        p.b = rows, p.ldb = panel_width;
        p.c = dx.data + col, p.ldc = dx.stride;
        p.rows = dx.rows, p.depth = depth, p.cols = cols;
        if (block > 0) p.add = p.c, p.ld_add = p.ldc;
        block += depth;
        bool const last = block == dy.cols;  // then the panel that this thread likely takes next
        Index const next = last ? 0 : block;
        Index const next_col = last ? col + team_.threads() * panel_width : col;
        if (next_col < dx.cols) p.ahead = where(next, std::min(deepest, dy.cols - next), next_col);
        table_.multiply(p);
      } while (block < dy.cols);
    });
  }
  template <class Lay>
  void input(View<float const> dy, View<float> dx, Lay const& lay) const {
    input(dy, dx, lay, [](Index, Index, Index) { return Ahead{}; });
  }
  void input(View<float const> dy, View<float const> w, View<float> dx) const {
    input(
        dy, dx,
        [&](Index first, Index depth, Index col, Index cols, float* rows) {
          lay_rows(w, first, depth, col, cols, rows);
        },
        [&](Index first, Index depth, Index col) {
          return Ahead{w.row(first) + col, panel_width, w.stride, depth};
        });
  }
  /// dw (out, in) += dy^T x.
  void weight(View<float const> dy, View<float const> x, View<float> dw) const {
    panels(dw.cols, dw.rows * dy.rows, [&](Index col, Index cols) {
      for (Index block = 0; block < dy.rows; block += deepest) {
        Index const depth = std::min(deepest, dy.rows - block);
        alignas(64) float rows[deepest * panel_width];
        lay_rows(x, block, depth, col, cols, rows);
        PanelProduct p;
        p.a = dy.data + block * dy.stride, p.lda = dy.stride, p.transposed = true;
        p.b = rows, p.ldb = panel_width;
        p.c = dw.data + col, p.ldc = dw.stride;
        p.rows = dw.rows, p.depth = depth, p.cols = cols;
        p.add = p.c, p.ld_add = p.ldc;
        table_.multiply(p);
      }
    });
  }

 protected:
  /// f(column, columns) for every panel of a result; `work` products a column.
  template <class F>
  void panels(Index cols, Index work, F const& f) const {
    Index const count = (cols + panel_width - 1) / panel_width;
    Index const chunk = std::max<Index>(1, worth_a_task / std::max<Index>(1, work * panel_width));
    team_.run((count + chunk - 1) / chunk, [&](Index task, int) {
      for (Index j = task * chunk; j < std::min((task + 1) * chunk, count); ++j)
        f(j * panel_width, std::min(panel_width, cols - j * panel_width));
    });
  }
  /// Into how many equal blocks rows are cut.
  [[nodiscard]] static Index row_blocks(Index rows) {
    return rows <= block_rows + block_rows / 3 ? 1 : (rows + block_rows - 1) / block_rows;
  }
  /// How many panels a task takes that lays its rows out for itself: as few tasks as give every
  /// thread about the same. It decides who computes, not what.
  [[nodiscard]] Index panels_of_a_task(Index panels, Index blocks) const {
    Index const threads = team_.threads(), many = 8 * threads;
    Index groups = 1;
    while (blocks * groups < many && blocks * groups % threads != 0) ++groups;
    return std::max<Index>(1, (panels + groups - 1) / groups);
  }

  Team& team_;
  Table const& table_;

 private:
  static void lay_rows(View<float const> w, Index first, Index depth, Index col, Index cols,
                       float* rows) {
    for (Index i = 0; i < depth; ++i) {
      float* const to = rows + i * panel_width;
      std::copy_n(w.row(first + i) + col, cols, to);
      std::fill(to + cols, to + padded(cols), 0.0F);
    }
  }
};

}  // namespace vlpt::packed
