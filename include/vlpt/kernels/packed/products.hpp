#pragma once
#include "vlpt/core/parallel.hpp"
#include "vlpt/kernels/packed/weights.hpp"

namespace vlpt::packed {

/// What happens to a product's result before it is written.
struct Finish {
  float const* bias = nullptr;
  View<float const> add{};  // null: nothing
  Act act = Act::none;
  View<float> before{};  // receives the activation's input; null: nowhere
};

/// The three products of a linear layer, cut into panels of the result's columns. Work is cut by
/// shape alone. A matrix that is not packed is laid out a panel at a time, on the stack.
class Products {
 public:
  Products(Team& team, Table const& table, Weights const& weights)
      : team_(team), table_(table), weights_(weights) {}

  /// y (n, out) = x (n, in) w^T for w (out, in).
  void forward(View<float const> x, View<float const> w, View<float> y,
               Finish const& finish) const {
    if (Matrix const* const m = weights_.find(w))
      packed_forward(x, *m, (w.data - m->plain) / m->cols, y, finish);
    else
      plain_forward(x, w, y, finish);
  }
  /// dx (n, in) = dy (n, out) w.
  void input(View<float const> dy, View<float const> w, View<float> dx) const {
    Matrix const* const m = weights_.find(w);
    Index const first = m == nullptr ? 0 : (w.data - m->plain) / m->cols;
    panels(dx.cols, dx.rows * dy.cols, [&](Index col, Index cols) {
      for (Index block = 0; block < dy.cols; block += deepest) {
        Index const depth = std::min(deepest, dy.cols - block);
        alignas(64) float rows[deepest * panel_width];
        if (m != nullptr)
          lay_packed_rows(*m, first + block, depth, col, cols, rows);
        else
          lay_rows(w, block, depth, col, cols, rows);
        PanelProduct p;
        p.a = dy.data + block, p.lda = dy.stride;
        p.b = rows, p.ldb = panel_width;
        p.c = dx.data + col, p.ldc = dx.stride;
        p.rows = dx.rows, p.depth = depth, p.cols = cols;
        if (block > 0) p.add = p.c, p.ld_add = p.ldc;
        table_.multiply(p);
      }
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

 private:
  static constexpr Index deepest = 768;           // rows of a panel that lies on the stack: 144 KiB
  static constexpr Index block_rows = 192;        // of x, so that they stay in the second cache
  static constexpr Index worth_a_task = 1 << 16;  // products below which a thread is no help

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
  /// What happens to the part of the result that begins at (row, col).
  static void set(PanelProduct& p, Finish const& f, Index row, Index col) {
    if (f.bias != nullptr) p.bias = f.bias + col;
    if (f.add.data != nullptr) p.add = f.add.row(row) + col, p.ld_add = f.add.stride;
    p.act = f.act;
    if (f.before.data != nullptr) p.before = f.before.row(row) + col, p.ld_before = f.before.stride;
  }

  /// first: the row of m that is column 0 of y; it may lie inside a panel.
  void packed_forward(View<float const> x, Matrix const& m, Index first, View<float> y,
                      Finish const& finish) const {
    Index const begin = first / panel_width, end = (first + y.cols + panel_width - 1) / panel_width;
    Index const count = end - begin;
    Index const blocks =
        y.rows <= block_rows + block_rows / 3 ? 1 : (y.rows + block_rows - 1) / block_rows;
    Index const work = std::max<Index>(1, y.rows / blocks * m.cols * panel_width);
    Index const chunk = std::max<Index>(1, worth_a_task / work);
    team_.run((blocks * count + chunk - 1) / chunk, [&](Index task, int) {
      for (Index i = task * chunk; i < std::min((task + 1) * chunk, blocks * count); ++i) {
        Index const block = i / count, j = begin + i % count;
        Index const row = y.rows * block / blocks, rows = y.rows * (block + 1) / blocks - row;
        Index const from = std::max(first, j * panel_width);
        Index const to = std::min(first + y.cols, (j + 1) * panel_width), col = from - first;
        PanelProduct p;
        p.a = x.data + row * x.stride, p.lda = x.stride;
        p.b = m.panel(j) + (from - j * panel_width), p.ldb = m.width(j);
        p.c = y.data + row * y.stride + col, p.ldc = y.stride;
        p.rows = rows, p.depth = m.cols, p.cols = to - from;
        p.next = j + 1 < end ? m.panel(j + 1) : nullptr;
        set(p, finish, row, col);
        table_.multiply(p);
      }
    });
  }
  void plain_forward(View<float const> x, View<float const> w, View<float> y,
                     Finish const& finish) const {
    panels(y.cols, y.rows * w.cols, [&](Index col, Index cols) {
      for (Index block = 0; block < w.cols; block += deepest) {
        Index const depth = std::min(deepest, w.cols - block);
        alignas(64) float rows[deepest * panel_width];
        table_.transpose(w.data + col * w.stride + block, w.stride, cols, depth, rows, panel_width,
                         padded(cols));
        PanelProduct p;
        p.a = x.data + block, p.lda = x.stride;
        p.b = rows, p.ldb = panel_width;
        p.c = y.data + col, p.ldc = y.stride;
        p.rows = y.rows, p.depth = depth, p.cols = cols;
        Finish f = finish;
        if (block > 0) f.add = View<float const>(y);
        if (block + depth < w.cols) f.bias = nullptr, f.act = Act::none, f.before = {};
        set(p, f, 0, col);
        table_.multiply(p);
      }
    });
  }

  /// rows (depth, panel_width) = columns [col, col + cols) of w's rows [first, first + depth).
  static void lay_rows(View<float const> w, Index first, Index depth, Index col, Index cols,
                       float* rows) {
    for (Index i = 0; i < depth; ++i) {
      float* const to = rows + i * panel_width;
      std::copy_n(w.row(first + i) + col, cols, to);
      std::fill(to + cols, to + padded(cols), 0.0F);
    }
  }
  /// The same of a packed matrix: panels turned back into rows.
  void lay_packed_rows(Matrix const& m, Index first, Index depth, Index col, Index cols,
                       float* rows) const {
    for (Index i = 0; i < depth;) {
      Index const j = (first + i) / panel_width, inside = (first + i) % panel_width;
      Index const n = std::min(depth - i, panel_width - inside), width = m.width(j);
      table_.transpose(m.panel(j) + col * width + inside, width, cols, n, rows + i * panel_width,
                       panel_width, padded(cols));
      i += n;
    }
  }

  Team& team_;
  Table const& table_;
  Weights const& weights_;
};

}  // namespace vlpt::packed
