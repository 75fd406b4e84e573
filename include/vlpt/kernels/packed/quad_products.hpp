#pragma once
#include "vlpt/kernels/packed/matrix.hpp"
#include "vlpt/kernels/packed/plain_products.hpp"

namespace vlpt::packed {

/// Products with a matrix that is held in int8; `first` is the row of m that is the first one used:
/// it may lie inside a panel. Where the processor multiplies int8, the left operand is rounded to
/// int8 as well, row by row; elsewhere, and in the reverse, panels are turned into floats.
class QuadProducts : public PlainProducts {
 public:
  QuadProducts(Team& team, Table const& table, QuadTable const* quads)
      : PlainProducts(team, table), quads_(quads) {}

  void held_forward(View<float const> x, Matrix const& m, Index first, View<float> y,
                    Finish const& finish) const {
    if (quads_ == nullptr || m.cols > deepest_row) return float_forward(x, m, first, y, finish);
    Index const begin = first / panel_width, end = (first + y.cols + panel_width - 1) / panel_width;
    Index const stride = 4 * m.quads(), fitting = left_bytes / stride;
    Index const blocks = std::max(row_blocks(y.rows), (y.rows + fitting - 1) / fitting);
    Index const group = panels_of_a_task(end - begin, blocks);
    Index const count = (end - begin + group - 1) / group, tasks = blocks * count;
    Index const work = std::max<Index>(1, y.rows / blocks * m.cols * panel_width * group);
    Index const chunk = std::max<Index>(1, worth_a_task / work);
    team_.run((tasks + chunk - 1) / chunk, [&](Index task, int) {
      for (Index i = task * chunk; i < std::min((task + 1) * chunk, tasks); ++i) {
        Index const block = i / count, panel = begin + i % count * group;
        Index const row = y.rows * block / blocks, rows = y.rows * (block + 1) / blocks - row;
        alignas(64) std::uint8_t left[left_bytes];
        float scales[most_rows];
        quads_->lay_left(x.row(row), x.stride, rows, m.cols, left, stride, scales);
        for (Index j = panel; j < std::min(panel + group, end); ++j) {
          Index const from = std::max(first, j * panel_width);
          Index const to = std::min(first + y.cols, (j + 1) * panel_width), col = from - first;
          QuadProduct p;
          p.a = left, p.lda = stride, p.left_scale = scales;
          p.b = m.quad_words(j) + (from - j * panel_width), p.ldb = m.width(j);
          p.start = m.starts() + from, p.scale = m.scales() + from;
          p.c = y.row(row) + col, p.ldc = y.stride;
          p.rows = rows, p.quads = m.quads(), p.cols = to - from;
          p.next = j + 1 < end ? m.quad_words(j + 1) : nullptr;
          finish.apply(p, row, col);
          quads_->multiply(p);
        }
      }
    });
  }

  void held_input(View<float const> dy, Matrix const& m, Index first, View<float> dx) const {
    input(dy, dx, [&](Index row, Index depth, Index col, Index cols, float* rows) {
      for (Index i = 0; i < depth; ++i) {
        Index const from = first + row + i;
        float const scale = m.scales()[from];
        for (Index c = 0; c < cols; ++c)
          rows[i * panel_width + c] =
              Layout<std::int8_t>::value(m, from / panel_width, from % panel_width, col + c) *
              scale;
        std::fill(rows + i * panel_width + cols, rows + i * panel_width + padded(cols), 0.0F);
      }
    });
  }

 private:
  static constexpr Index most_rows = block_rows + block_rows / 3;  // of a block
  static constexpr Index left_bytes = 786432;  // of a block of rows, on the stack
  static constexpr Index deepest_row = 65536;  // above it, sums could leave 32 bits

  void float_forward(View<float const> x, Matrix const& m, Index first, View<float> y,
                     Finish const& finish) const {
    forward(
        x, m.cols, y, finish, [&](Index col, Index cols, Index block, Index depth, float* rows) {
          for (Index i = 0; i < depth; ++i) {
            for (Index c = 0; c < cols; ++c) {
              Index const of = first + col + c;
              rows[i * panel_width + c] =
                  Layout<std::int8_t>::value(m, of / panel_width, of % panel_width, block + i) *
                  m.scales()[of];
            }
            std::fill(rows + i * panel_width + cols, rows + i * panel_width + padded(cols), 0.0F);
          }
        });
  }

  QuadTable const* quads_;
};

}  // namespace vlpt::packed
