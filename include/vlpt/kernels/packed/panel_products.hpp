#pragma once
#include "vlpt/kernels/packed/matrix.hpp"
#include "vlpt/kernels/packed/plain_products.hpp"

namespace vlpt::packed {

/// Products with a matrix that is held in panels of floats; `first` is the row of m that is the
/// first one used: it may lie inside a panel.
class PanelProducts : public PlainProducts {
 public:
  PanelProducts(Team& team, Table const& table) : PlainProducts(team, table) {}

  void held_forward(View<float const> x, Matrix const& m, Index first, View<float> y,
                    Finish const& finish) const {
    Index const begin = first / panel_width, end = (first + y.cols + panel_width - 1) / panel_width;
    Index const count = end - begin, blocks = row_blocks(y.rows);
    Index const work = std::max<Index>(1, y.rows / blocks * m.cols * panel_width);
    Index const chunk = std::max<Index>(1, worth_a_task / work);
    Index const step = chunk > 1 ? 1 : team_.threads();  // to the panel that a thread takes next
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
        p.next = j + step < end ? m.panel(j + step) : nullptr;
        finish.apply(p, row, col);
        table_.multiply(p);
      }
    });
  }
  void held_input(View<float const> dy, Matrix const& m, Index first, View<float> dx) const {
    input(
        dy, dx,
        [&](Index row, Index depth, Index col, Index cols, float* rows) {
          for (Index i = 0; i < depth;) {  // panels turned back into rows
            Index const j = (first + row + i) / panel_width,
                        inside = (first + row + i) % panel_width;
            Index const n = std::min(depth - i, panel_width - inside), width = m.width(j);
            table_.transpose(m.panel(j) + col * width + inside, width, cols, n,
                             rows + i * panel_width, panel_width, padded(cols));
            i += n;
          }
        },
        [&](Index row, Index depth, Index col) {
          Index const j = (first + row) / panel_width,
                      end = (first + row + depth - 1) / panel_width;
          return Ahead{m.panel(j) + col * m.width(j), panel_width * panel_width,
                       panel_width * m.cols, end - j + 1};
        });
  }
};

}  // namespace vlpt::packed
