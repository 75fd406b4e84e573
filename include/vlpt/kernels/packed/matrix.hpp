#pragma once
#include <algorithm>
#include <cmath>

#include "vlpt/core/bf16.hpp"
#include "vlpt/kernels/packed/table.hpp"

namespace vlpt::packed {

/// A matrix w (rows, cols), of products x w^T, in panels of panel_width rows: panel j is
/// (cols, width), w's rows 48 j, 48 j + 1, ... as its columns. One copy serves both directions.
/// In bf16 a word holds the values of two neighbouring columns of w, in int8 of four; behind int8's
/// panels lie each row's scale and -128 times its sum.
struct Matrix {
  float const* plain = nullptr;  // where the same matrix lies, or lay, row by row
  Index rows = 0, cols = 0;
  void* panels = nullptr;

  [[nodiscard]] constexpr Index count() const { return (rows + panel_width - 1) / panel_width; }
  [[nodiscard]] constexpr Index panel_rows(Index j) const {
    Index const left = rows - j * panel_width;
    return left < panel_width ? left : panel_width;
  }
  [[nodiscard]] constexpr Index width(Index j) const { return padded(panel_rows(j)); }
  /// Words of a column in bf16.
  [[nodiscard]] constexpr Index pairs() const { return (cols + 1) / 2; }

  [[nodiscard]] constexpr Index quads() const { return (cols + 3) / 4; }

  [[nodiscard]] float* panel(Index j) const {
    return static_cast<float*>(panels) + j * panel_width * cols;
  }
  [[nodiscard]] std::uint32_t* words(Index j) const {
    return static_cast<std::uint32_t*>(panels) + j * panel_width * pairs();
  }
  [[nodiscard]] std::uint32_t* quad_words(Index j) const {
    return static_cast<std::uint32_t*>(panels) + j * panel_width * quads();
  }
  [[nodiscard]] float* scales() const {
    return reinterpret_cast<float*>(static_cast<std::uint32_t*>(panels) + padded(rows) * quads());
  }
  [[nodiscard]] std::int32_t* starts() const {
    return reinterpret_cast<std::int32_t*>(scales() + padded(rows) + pad);
  }
};

/// How a matrix lies in a format: its bytes, and one panel there and back.
template <class Weight>
struct Layout;

template <>
struct Layout<float> {
  [[nodiscard]] static Index bytes(Index rows, Index cols) {
    return padded(rows) * cols * static_cast<Index>(sizeof(float));
  }
  static void pack(Table const& table, Matrix const& m, Index j) {
    table.transpose(m.plain + j * panel_width * m.cols, m.cols, m.panel_rows(j), m.cols, m.panel(j),
                    m.width(j), m.width(j));
  }
  static void unpack(Table const& table, Matrix const& m, Index j) {
    table.transpose(m.panel(j), m.width(j), m.cols, m.panel_rows(j),
                    const_cast<float*>(m.plain) + j * panel_width * m.cols, m.cols, 0);
  }
};

template <>
struct Layout<bf16> {
  static constexpr Index block = 384;  // pairs that are turned at once, on the stack

  [[nodiscard]] static Index bytes(Index rows, Index cols) {
    return padded(rows) * ((cols + 1) / 2) * static_cast<Index>(sizeof(std::uint32_t));
  }
  static void pack(Table const& table, Matrix const& m, Index j) {
    alignas(64) std::uint32_t words[panel_width * block];
    float const* const from = m.plain + j * panel_width * m.cols;
    for (Index first = 0; first < m.pairs(); first += block) {
      Index const n = m.pairs() - first < block ? m.pairs() - first : block;
      for (Index r = 0; r < m.panel_rows(j); ++r)
        for (Index i = 0; i < n; ++i) {
          Index const col = 2 * (first + i);
          std::uint32_t const low = bf16(from[r * m.cols + col]).bits;
          std::uint32_t const high =
              col + 1 < m.cols ? bf16(from[r * m.cols + col + 1]).bits : std::uint16_t{0};
          words[r * block + i] = low | high << 16;
        }
      table.transpose(as_floats(words), block, m.panel_rows(j), n,
                      as_floats(m.words(j) + first * m.width(j)), m.width(j), m.width(j));
    }
  }
  static void unpack(Table const&, Matrix const& m, Index j) {
    float* const to = const_cast<float*>(m.plain) + j * panel_width * m.cols;
    for (Index c = 0; c < m.cols; ++c)
      for (Index r = 0; r < m.panel_rows(j); ++r) {
        std::uint32_t const word = m.words(j)[c / 2 * m.width(j) + r];
        bf16 value;
        value.bits = static_cast<std::uint16_t>(c % 2 == 0 ? word : word >> 16);
        to[r * m.cols + c] = static_cast<float>(value);
      }
  }
  /// Words that are moved, not computed with.
  static float* as_floats(std::uint32_t* words) { return reinterpret_cast<float*>(words); }
};

template <>
struct Layout<std::int8_t> {
  [[nodiscard]] static Index bytes(Index rows, Index cols) {
    Index const words = padded(rows) * ((cols + 3) / 4) + 2 * (padded(rows) + pad);
    return words * static_cast<Index>(sizeof(std::uint32_t));
  }
  static void pack(Table const&, Matrix const& m, Index j) {
    std::uint32_t* const words = m.quad_words(j);
    for (Index r = 0; r < m.panel_rows(j); ++r) {
      Index const row = j * panel_width + r;
      float const* const w = m.plain + row * m.cols;
      float most = 0;
      for (Index c = 0; c < m.cols; ++c) most = std::max(most, std::abs(w[c]));
      float const steps = most > 0 ? 127 / most : 0;
      std::int32_t sum = 0;
      for (Index q = 0; q < m.quads(); ++q) {
        std::uint32_t word = 0;
        for (Index i = 0; i < 4 && 4 * q + i < m.cols; ++i) {
          auto const value = static_cast<std::int32_t>(std::lrintf(w[4 * q + i] * steps));
          sum += value;
          word |= (static_cast<std::uint32_t>(value) & 0xffU) << (8 * i);
        }
        words[q * m.width(j) + r] = word;
      }
      m.scales()[row] = most / 127;
      m.starts()[row] = -128 * sum;
    }
  }
  static void unpack(Table const&, Matrix const& m, Index j) {
    for (Index r = 0; r < m.panel_rows(j); ++r) {
      Index const row = j * panel_width + r;
      for (Index c = 0; c < m.cols; ++c)
        const_cast<float*>(m.plain)[row * m.cols + c] = value(m, j, r, c) * m.scales()[row];
    }
  }
  /// Column c of a panel's row r, in steps of the row's scale.
  [[nodiscard]] static float value(Matrix const& m, Index j, Index r, Index c) {
    std::uint32_t const word = m.quad_words(j)[c / 4 * m.width(j) + r];
    return static_cast<float>(static_cast<std::int8_t>(word >> (8 * (c % 4))));
  }
};

}  // namespace vlpt::packed
