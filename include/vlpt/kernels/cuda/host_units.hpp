#pragma once
#include <cmath>

#include "vlpt/kernels/cuda/matrix_units.cuh"

namespace vlpt::cuda {

/// The matrix units by loops: a lane reads its own part of a factor, a warp multiplies. Sums are
/// added to in the order of the factors' columns.
struct HostUnits : MatrixUnits {
  [[nodiscard]] static constexpr std::uint32_t pair(bf16 low, bf16 high) {
    return low.bits | static_cast<std::uint32_t>(high.bits) << 16;
  }
  [[nodiscard]] static constexpr std::uint32_t pair(float low, float high) {
    return pair(bf16(low), bf16(high));
  }
  [[nodiscard]] static constexpr bf16 half(std::uint32_t pair, int i) {
    bf16 x;
    x.bits = static_cast<std::uint16_t>(i == 0 ? pair : pair >> 16);
    return x;
  }
  [[nodiscard]] static float power_of_two(float x) { return std::exp2(x); }

  /// The tile of the rows at p as a left factor.
  [[nodiscard]] static constexpr Factor left(bf16 const* p, int pitch, int lane) {
    Factor f{};
    for (int i = 0; i < 8; i += 2) {
      bf16 const* const from = p + row(lane, i) * pitch + column(lane, i);
      f[i / 2] = pair(from[0], from[1]);
    }
    return f;
  }
  /// The same as a right factor, rows and columns exchanged: for products of rows with rows.
  [[nodiscard]] static constexpr Factor right_turned(bf16 const* p, int pitch, int lane) {
    Factor const f = left(p, pitch, lane);
    return {{f[0], f[2], f[1], f[3]}};
  }
  /// The tile of the rows at p as a right factor.
  [[nodiscard]] static constexpr Factor right(bf16 const* p, int pitch, int lane) {
    Factor f{};
    for (int i = 0; i < 8; i += 2) {
      int const k = lane % 4 * 2 + i / 2 % 2 * 8, n = lane / 4 + i / 4 * 8;
      f[i / 2] = pair(p[k * pitch + n], p[(k + 1) * pitch + n]);
    }
    return f;
  }

  /// A whole tile, from what lanes have of it.
  struct Tile {
    float at[side][side];
  };
  constexpr static void put_left(Factor const& f, int lane, Tile& to) {
    for (int i = 0; i < 8; ++i)
      to.at[row(lane, i)][column(lane, i)] = static_cast<float>(half(f[i / 2], i % 2));
  }
  constexpr static void put_right(Factor const& f, int lane, Tile& to) {
    for (int i = 0; i < 8; ++i)
      to.at[lane % 4 * 2 + i % 2 + i / 2 % 2 * 8][lane / 4 + i / 4 * 8] =
          static_cast<float>(half(f[i / 2], i % 2));
  }
  /// p += a lane's part of a b.
  static constexpr void multiply(Tile const& a, Tile const& b, int lane, Product& p) {
    for (int i = 0; i < 8; ++i)
      for (int k = 0; k < side; ++k) p[i] += a.at[row(lane, i)][k] * b.at[k][column(lane, i)];
  }
};

}  // namespace vlpt::cuda
