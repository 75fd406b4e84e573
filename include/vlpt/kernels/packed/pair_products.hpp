#pragma once
#include "vlpt/kernels/packed/matrix.hpp"
#include "vlpt/kernels/packed/plain_products.hpp"

namespace vlpt::packed {

/// Products with a matrix that is held in bf16; `first` is the row of m that is the first one used:
/// it may lie inside a panel. The left operand is laid out for a group of panels at a time, on the
/// stack; it is rounded to bf16 where the processor multiplies such.
class PairProducts : public PlainProducts {
 public:
  PairProducts(Team& team, Table const& table, PairTable const& pairs)
      : PlainProducts(team, table), pairs_(pairs) {}

  void held_forward(View<float const> x, Matrix const& m, Index first, View<float> y,
                    Finish const& finish) const {
    Index const begin = first / panel_width, end = (first + y.cols + panel_width - 1) / panel_width;
    Index const blocks = row_blocks(y.rows), group = panels_of_a_task(end - begin, blocks);
    groups(
        y.rows, end - begin, group, m.cols, [&](Index row, Index rows, Index start, Index count) {
          for_depth(m.cols, [&](Index block, Index depth) {
            alignas(64) std::byte left[block_bytes];
            pairs_.lay_left(x.row(row) + block, x.stride, rows, depth, left, deepest);
            Finish const f = finish.of_block(block == 0, block + depth == m.cols, y);
            for (Index j = begin + start; j < begin + start + count; ++j) {
              Index const from = std::max(first, j * panel_width);
              Index const to = std::min(first + y.cols, (j + 1) * panel_width), col = from - first;
              PairProduct p;
              p.a = left, p.lda = deepest;
              p.b = m.words(j) + block / 2 * m.width(j) + (from - j * panel_width);
              p.ldb = m.width(j);
              p.c = y.row(row) + col, p.ldc = y.stride;
              p.rows = rows, p.pairs = (depth + 1) / 2, p.cols = to - from;
              p.next = j + 1 < end ? m.words(j + 1) + block / 2 * m.width(j + 1) : nullptr;
              f.apply(p, row, col);
              pairs_.multiply(p);
            }
          });
        });
  }

  void held_input(View<float const> dy, Matrix const& m, Index first, View<float> dx) const {
    Index const panels = (dx.cols + panel_width - 1) / panel_width;
    Index const group = std::min(most_group, panels_of_a_task(panels, 1));
    groups(most_rows, panels, group, dx.rows * dy.cols / most_rows,
           [&](Index, Index, Index start, Index count) {
             for_depth(dy.cols, [&](Index block, Index depth) {
               alignas(64) std::uint32_t words[most_group * panel_words];
               for (Index i = 0; i < count; ++i)
                 turn(m, first + block, depth, (start + i) * panel_width, words + i * panel_words);
               Index const blocks = row_blocks(dx.rows);
               for (Index b = 0; b < blocks; ++b) {
                 Index const row = dx.rows * b / blocks, rows = dx.rows * (b + 1) / blocks - row;
                 alignas(64) std::byte left[block_bytes];
                 pairs_.lay_left(dy.row(row) + block, dy.stride, rows, depth, left, deepest);
                 for (Index i = 0; i < count; ++i) {
                   Index const col = (start + i) * panel_width;
                   PairProduct p;
                   p.a = left, p.lda = deepest;
                   p.b = words + i * panel_words, p.ldb = panel_width;
                   p.c = dx.row(row) + col, p.ldc = dx.stride;
                   p.rows = rows, p.pairs = (depth + 1) / 2,
                   p.cols = std::min(panel_width, dx.cols - col);
                   if (block > 0) p.add = p.c, p.ld_add = p.ldc;
                   pairs_.multiply(p);
                 }
               }
             });
           });
  }

 private:
  static constexpr Index most_rows = block_rows + block_rows / 3;  // of a block
  static constexpr Index block_bytes = most_rows * deepest * static_cast<Index>(sizeof(float));
  static constexpr Index most_group = 8;  // panels that are turned at once
  static constexpr Index panel_words = deepest / 2 * panel_width;

  /// f(row, rows, panel, panels) for every block of rows and group of panels.
  template <class F>
  void groups(Index rows, Index panels, Index group, Index work, F const& f) const {
    Index const blocks = row_blocks(rows);
    Index const count = (panels + group - 1) / group, tasks = blocks * count;
    Index const each = std::max<Index>(1, rows / blocks * work * panel_width * group);
    Index const chunk = std::max<Index>(1, worth_a_task / each);
    team_.run((tasks + chunk - 1) / chunk, [&](Index task, int) {
      for (Index i = task * chunk; i < std::min((task + 1) * chunk, tasks); ++i) {
        Index const block = i / count, panel = i % count * group;
        Index const row = rows * block / blocks;
        f(row, rows * (block + 1) / blocks - row, panel, std::min(group, panels - panel));
      }
    });
  }
  template <class F>
  static void for_depth(Index depth, F const& f) {
    Index block = 0;
    do {
      Index const n = std::min(deepest, depth - block);
      f(block, n);
      block += n;
    } while (block < depth);
  }
  /// Columns [col, col + panel_width) of m's rows [first, first + depth), two rows in a word.
  void turn(Matrix const& m, Index first, Index depth, Index col, std::uint32_t* words) const {
    alignas(64) std::uint32_t rows[deepest * panel_width / 2];
    Index const cols = std::min(panel_width, m.cols - col), pairs = (cols + 1) / 2;
    for (Index i = 0; i < depth;) {
      Index const j = (first + i) / panel_width, inside = (first + i) % panel_width;
      Index const n = std::min(depth - i, panel_width - inside), width = m.width(j);
      table_.transpose(Layout<bf16>::as_floats(m.words(j) + col / 2 * width + inside), width, pairs,
                       n, Layout<bf16>::as_floats(rows + i * (panel_width / 2)), panel_width / 2,
                       0);
      i += n;
    }
    pairs_.pair_rows(reinterpret_cast<std::uint16_t const*>(rows), panel_width, depth, cols, words);
  }

  PairTable const& pairs_;
};

}  // namespace vlpt::packed
