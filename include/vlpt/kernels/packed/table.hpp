#pragma once
#include <cstddef>
#include <cstdint>

#include "vlpt/core/bf16.hpp"
#include "vlpt/core/gelu_kind.hpp"
#include "vlpt/core/index.hpp"

// What the kernels of each instruction set offer, as plain functions on pointers: a table of them
// is chosen once, at run time.

namespace vlpt::packed {

/// Columns of a panel: the width of a register tile. The last panel of a matrix is as wide as it
/// needs, up to a multiple of `pad`.
inline constexpr Index panel_width = 48;
inline constexpr Index pad = 16;

[[nodiscard]] constexpr Index padded(Index cols) { return (cols + pad - 1) / pad * pad; }

enum class Act { none, gelu, quick_gelu };

/// Floats that will be read next but lie apart: `runs` of `length`, `stride` from one to the next.
struct Ahead {
  float const* data = nullptr;
  Index length = 0, stride = 0, runs = 0;
};

/// c (rows, cols) = act(add + a b + bias). a(i, p) is a[i lda + p], or a[p lda + i] where it lies
/// transposed; b(p, j) is b[p ldb + j], readable up to padded(cols).
struct PanelProduct {
  float const* a = nullptr;
  Index lda = 0;
  bool transposed = false;
  float const* b = nullptr;
  Index ldb = 0;
  float* c = nullptr;
  Index ldc = 0;
  Index rows = 0, depth = 0, cols = 0;
  float const* add = nullptr;  // (rows, cols), may be c itself; null: 0
  Index ld_add = 0;
  float const* bias = nullptr;  // of these columns
  Act act = Act::none;
  float* before = nullptr;  // receives what the activation is given
  Index ld_before = 0;
  float const* next = nullptr;  // what will be read after b: fetched on the way
  Ahead ahead{};                // the same, a share of it after every tile
};

/// One head of one sample's attention, or its reverse; every row has `width` columns.
struct HeadAttention {
  float const *query = nullptr, *key = nullptr, *value = nullptr;
  Index query_stride = 0, key_stride = 0, value_stride = 0;
  float const *extra_key = nullptr, *extra_value = nullptr;
  Index extra_stride = 0;
  Index queries = 0, keys = 0, extra = 0, width = 0;
  float scale = 1;
  unsigned char const* mask = nullptr;  // of keys [mask_first, keys); 0 hides
  Index mask_first = 0;
  bool causal = false;
  Index first_query = 0;
  float* scratch = nullptr;

  [[nodiscard]] constexpr Index seen(Index i) const {
    Index const n = i + first_query + 1;
    return causal && n < keys ? n : keys;
  }
};

/// Where a head's gradients go: query, key and value are overwritten, extra_* added to; null: not
/// wanted.
struct HeadGradient {
  float const* out = nullptr;
  Index out_stride = 0;
  float *query = nullptr, *key = nullptr, *value = nullptr;
  Index query_stride = 0, key_stride = 0, value_stride = 0;
  float *extra_key = nullptr, *extra_value = nullptr;
  Index extra_stride = 0;
};

/// Rows of a matrix: n of them, `width` columns wide.
struct Rows {
  Index n = 0, width = 0;
};

struct Table {
  void (*multiply)(PanelProduct const&);
  /// to(c, r) = from(r, c) for r < rows, c < cols; columns [rows, filled) of `to` become 0.
  void (*transpose)(float const* from, Index from_stride, Index rows, Index cols, float* to,
                    Index to_stride, Index filled);
  void (*activate)(Act, Index n, float const* x, float* y);
  void (*activate_reverse)(Act, Index n, float const* dy, float const* x, float* dx);
  /// stats: mean and 1 / deviation of each row, two floats a row; may be null.
  void (*layer_norm)(Rows, float const* x, Index x_stride, float const* gamma, float const* beta,
                     float eps, float* y, Index y_stride, float* stats, Index stats_stride);
  void (*layer_norm_reverse)(Rows, float const* dy, Index dy_stride, float const* x, Index x_stride,
                             float const* stats, Index stats_stride, float const* gamma, float* dx,
                             Index dx_stride);
  void (*softmax)(Rows, float const* x, Index x_stride, float* y, Index y_stride);
  void (*attend)(HeadAttention const&, float* out, Index out_stride);
  void (*attend_reverse)(HeadAttention const&, HeadGradient const&);
  void (*narrow)(float const* x, bf16* y, Index n);
  void (*widen)(bf16 const* x, float* y, Index n);
};

/// A product whose right operand is in bf16: word b(p, j) holds depths 2 p (low) and 2 p + 1 (high)
/// of column j. a is what PairTable::lay_left wrote.
struct PairProduct {
  void const* a = nullptr;
  Index lda = 0;
  std::uint32_t const* b = nullptr;
  Index ldb = 0;
  float* c = nullptr;
  Index ldc = 0;
  Index rows = 0, pairs = 0, cols = 0;
  float const* add = nullptr;
  Index ld_add = 0;
  float const* bias = nullptr;
  Act act = Act::none;
  float* before = nullptr;
  Index ld_before = 0;
  std::uint32_t const* next = nullptr;
};

struct PairTable {
  std::size_t left_bytes;  // of a value of the left operand
  void (*multiply)(PairProduct const&);
  /// Rows of floats, as left operand: strides of `to` count its values.
  void (*lay_left)(float const* x, Index x_stride, Index rows, Index depth, void* to,
                   Index to_stride);
  /// Rows of bf16 to words (ceil(depth / 2), panel_width).
  void (*pair_rows)(std::uint16_t const* from, Index from_stride, Index depth, Index cols,
                    std::uint32_t* to);
};

/// A product whose right operand is in int8: word b(p, j) holds depths 4 p to 4 p + 3 of column j,
/// in steps of scale[j]; start[j] is -128 times the column's sum. a is what QuadTable::lay_left
/// wrote, in steps of left_scale of its row. At most panel_width columns.
struct QuadProduct {
  std::uint8_t const* a = nullptr;
  Index lda = 0;
  float const* left_scale = nullptr;
  std::uint32_t const* b = nullptr;
  Index ldb = 0;
  std::int32_t const* start = nullptr;
  float const* scale = nullptr;
  float* c = nullptr;
  Index ldc = 0;
  Index rows = 0, quads = 0, cols = 0;
  float const* add = nullptr;
  Index ld_add = 0;
  float const* bias = nullptr;
  Act act = Act::none;
  float* before = nullptr;
  Index ld_before = 0;
  std::uint32_t const* next = nullptr;
};

struct QuadTable {
  void (*multiply)(QuadProduct const&);
  /// Rows of floats as left operand, each in 127 steps of its largest value (per row, so that one
  /// sample's numbers do not depend on the others).
  void (*lay_left)(float const* x, Index x_stride, Index rows, Index depth, std::uint8_t* to,
                   Index to_stride, float* scale);
};

/// Queries whose scores a head holds at once, and in the reverse, which sums over them.
inline constexpr Index query_tile = 24;
inline constexpr Index reverse_tile = 48;

/// Floats of scratch for one head of an attention to so many keys.
[[nodiscard]] constexpr Index head_scratch(Index keys, Index extra, Index width) {
  Index const columns = padded(keys) + padded(extra), wide = padded(width);
  return columns * (2 * reverse_tile + 2 * width + 2 * wide + 1) + 2 * reverse_tile * wide;
}

}  // namespace vlpt::packed
